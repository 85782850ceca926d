package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.JsonSchemas;
import dev.tars.runner.policy.SchemaValidator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published JSON Schema of policy tests says what their reader does. */
class PolicyTestSchemaTest {
  private static final String HEAD = "apiVersion: tars.dev/policy-test/v1\nkind: PolicyTest\n";
  private static final String EXPECT = ", expect: { decision: deny } }]\n";

  private final SchemaValidator validator = new SchemaValidator(JsonSchemas.load("policytest-v1"));

  @TempDir private Path temp;

  private static JsonNode yaml(String text) {
    return new ObjectMapper()
        .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }

  @Test
  void theTestsOfTheBuiltInPoliciesAreValid() throws IOException {
    Path tests = Path.of("../policies/src/test/policy-tests");
    try (Stream<Path> files = Files.list(tests)) {
      List<Path> all = files.toList();
      assertThat(all).hasSizeGreaterThan(5);
      for (Path file : all) {
        assertThat(validator.problems(yaml(Files.readString(file)))).as(file.toString()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ write: { path: a, operation: modify } }",
        "{ read: { path: a } }",
        "{ scratch: { path: a } }",
        "{ run: { argv: [a, b] } }",
        "{ connect: { host: a.example, port: 1, phase: prepare } }",
        "{ env: { name: A } }",
        "{ file: { path: a, kind: text, encoding: utf-8, modes: [setuid] } }",
        "{ limit: { name: depth, value: 900 } }"
      })
  void everyKindOfRequestIsTakenByBoth(String request) {
    String text = document("cases: [{ name: n, request: " + request + EXPECT);
    assertThat(validator.problems(yaml(text))).isEmpty();
    assertThat(run(text).cases()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "case: []",
        "cases: {}",
        "cases: [{ request: { read: { path: a } }" + EXPECT,
        "cases: [{ name: n" + EXPECT,
        "cases: [{ name: n, request: { read: { path: a } } }]",
        "cases: [{ name: n, request: { read: { path: a } }, value: x" + EXPECT,
        "cases: [{ name: n, request: { read: { path: a } }, expect: { decision: no } }]",
        "cases: [{ name: n, request: { read: { path: a } }, expect: { decison: deny } }]",
        "cases: [{ name: n, request: { raed: { path: a } }" + EXPECT,
        "cases: [{ name: n, request: { read: { path: a }, env: { name: A } }" + EXPECT,
        "cases: [{ name: n, request: { read: { path: a, operation: modify } }" + EXPECT,
        "cases: [{ name: n, request: { write: { path: a } }" + EXPECT,
        "cases: [{ name: n, request: { write: { path: a, operation: move } }" + EXPECT,
        "cases: [{ name: n, request: { run: { argv: [] } }" + EXPECT,
        "cases: [{ name: n, request: { run: { argv: ls } }" + EXPECT,
        "cases: [{ name: n, request: { connect: { host: a, port: 70000 } }" + EXPECT,
        "cases: [{ name: n, request: { connect: { host: a, phase: later } }" + EXPECT,
        "cases: [{ name: n, request: { file: { path: a, kind: texts } }" + EXPECT,
        "cases: [{ name: n, request: { file: { path: a, kind: text, modes: [exec] } }" + EXPECT,
        "cases: [{ name: n, request: { limit: { name: files, value: 1 } }" + EXPECT,
        "cases: [{ name: n, request: { limit: { name: depth, value: -1 } }" + EXPECT,
        "cases: [{ name: n, value: approval.count, expect: { equals: 1 } }]",
        "cases: [{ name: n, replay: { run: r }, expect: { changedVerdicts: none } }]",
        "cases: [{ name: n, replay: { path: r }, expect: { changedVerdicts: 0 } }]"
      })
  void whatIsBrokenIsRefusedByBoth(String cases) {
    String text = document(cases);
    assertThat(validator.problems(yaml(text))).as(text).isNotEmpty();
    assertThatThrownBy(() -> run(text)).isInstanceOf(RunnerException.class);
  }

  private static String document(String cases) {
    return HEAD + "policy: builtin:standard\n" + cases + "\n";
  }

  private TestReport run(String text) {
    Path file = temp.resolve("t.yaml");
    ToolBench.write(file, text);
    return new ToolBench(temp).tools().test(List.of(file), false);
  }
}
