package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FileProblem;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published JSON Schema says what the readers do. */
class PolicySchemaTest {
  private static final Pattern KNOWN = Pattern.compile("known keys: (.*)");

  static final java.util.List<String> BUILTINS = PolicyLoader.BUILTINS;

  private final SchemaValidator validator = new SchemaValidator(JsonSchemas.policy());

  @TempDir private Path temp;

  @ParameterizedTest
  @FieldSource("BUILTINS")
  void theBuiltInPoliciesAreValid(String name) throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/dev/tars/policies/" + name + ".yaml")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(validator.problems(yaml(text))).isEmpty();
    }
    EffectivePolicy policy =
        new PolicyLoader(new PolicySources(temp, temp, Map.of(), temp))
            .load(java.util.Optional.of("builtin:" + name));
    assertThat(policy.layers()).containsExactly("builtin:" + name);
  }

  @Test
  void thePolicyWithEveryKeyIsValid() {
    assertThat(validator.problems(new MaximalPolicy(temp).document())).isEmpty();
  }

  @Test
  void withoutAKeyOrWithAWrongOneItIsNotMoreThanTheReaderTakes() {
    MaximalPolicy maximal = new MaximalPolicy(temp);
    int refused = 0;
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      ObjectNode mutant = maximal.document();
      place.remove(mutant);
      if (!validator.problems(mutant).isEmpty()) {
        refused++;
        assertThat(isRefused(maximal, mutant)).as("only the schema needs " + place).isTrue();
      }
    }
    assertThat(refused).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "netwrok: none",
        "kind: Policy",
        "apiVersion: tars.dev/policy/v2",
        "filesystem: { wriet: [] }",
        "filesystem: { default: allow }",
        "filesystem: { write: [ { id: a } ] }",
        "filesystem: { write: [ { id: a, paths: [] } ] }",
        "filesystem: { write: [ { id: \"a b\", paths: [x] } ] }",
        "filesystem: { hide: [ { id: a, paths: [x], operations: [modify] } ] }",
        "filesystem: { write: [ { id: a, paths: [x], operations: [move] } ] }",
        "filesystem: { limits: { fileSize: 12 } }",
        "filesystem: { limits: { depth: many } }",
        "files: { deny: [ { id: a } ] }",
        "files: { deny: [ { id: a, kinds: [binaries] } ] }",
        "files: { deny: [ { id: a, extensions: [.exe] } ] }",
        "processes: { shell: allow }",
        "processes: { allow: [ { id: a, argv: mvn } ] }",
        "processes: { allow: [ { id: a, argv: [ { oneOf: [] } ] } ] }",
        "network: { allow: [ { id: a, hosts: [x.org] } ] }",
        "network: { deny: [ { id: a, ports: [1] } ] }",
        "network: { deny: [ { id: a, hosts: [x.org], ports: [70000] } ] }",
        "environment: { inherit: [PATH] }",
        "environment: { set: { A: 1 } }",
        "resources: { memory: 0 }",
        "resources: { memory: { default: 1GiB } }",
        "resources: { pids: unlimited }",
        "resources: { swap: 1GiB }",
        "runtime: { seccomp: unconfined }",
        "runtime: { readOnlyRoot: false }",
        "runtime: { capabilities: [ALL] }",
        "caches: [ { name: m2 } ]",
        "validation: { gates: [ { id: a, type: Compilation } ] }",
        "validation: { gates: [ { id: a, type: TestExecution, argv: [x] } ] }",
        "validation: { gates: [ { id: a, type: Other, argv: [x] } ] }",
        "validation: { reruns: 9 }",
        "testIntegrity: { baseline: never }",
        "approval: { count: 0 }",
        "approval: { overrides: [ { gate: g, by: [ann], reason: optional } ] }",
        "promotion: { onDrift: ignore }",
        "audit: { decisions: none }",
        "evidence: { attestation: {} }",
        "retention: { runs: 90 }",
        "explain: { toAgents: nothing }",
        "requires: { tarscli: latest }",
        "variables: { a: [] }",
        "extends: [ { ref: \"https://x.org/p\" } ]",
        "tests: nothing"
      })
  void whatIsBrokenIsRefusedByBoth(String body) {
    String head =
        body.equals("{}") ? "" : "apiVersion: tars.dev/policy/v1\nkind: PermissionPolicy\n";
    String text =
        body.startsWith("kind") || body.startsWith("apiVersion")
            ? head.replaceAll("(?m)^" + body.substring(0, 4) + ".*\n", "") + body
            : head + body;
    assertThat(validator.problems(yaml(text))).as(text).isNotEmpty();
    PolicyFiles files = new PolicyFiles(temp);
    files.file("policy.yaml", text);
    org.assertj.core.api.Assertions.assertThatThrownBy(files::load)
        .isInstanceOf(RunnerException.class);
  }

  /** A reader that meets an unknown key says which ones it knows. */
  @Test
  void theSchemaHasTheKeysThatTheReadersKnowAndNoOthers() {
    MaximalPolicy maximal = new MaximalPolicy(temp);
    Map<String, Set<String>> readers = new TreeMap<>();
    for (JsonPlace place : JsonPlace.all(maximal.document())) {
      JsonNode value = place.get(maximal.document());
      if (!value.isObject() || JsonPlace.NAMES.contains(place.pattern())) {
        continue;
      }
      ObjectNode mutant = maximal.document();
      ((ObjectNode) place.get(mutant)).put("zzzzz", "x");
      String pattern = place.pattern().replaceFirst("^notifications\\..*", "notifications.*");
      readers.computeIfAbsent(pattern, p -> new TreeSet<>()).addAll(known(maximal, mutant));
    }
    ObjectNode top = maximal.document().put("zzzzz", "x");
    readers.put("", new TreeSet<>(known(maximal, top)));
    Set<String> schema = JsonSchemas.keys(JsonSchemas.policy());
    readers.forEach((pattern, keys) -> {
      Set<String> inSchema = new TreeSet<>();
      String prefix = pattern.isEmpty() ? "" : pattern + ".";
      schema.stream()
          .filter(k -> k.startsWith(prefix))
          .map(k -> k.substring(prefix.length()))
          .filter(k -> k.matches("[A-Za-z0-9]+"))
          .forEach(inSchema::add);
      assertThat(keys).as(pattern).isEqualTo(inSchema);
    });
    assertThat(readers).hasSizeGreaterThan(50);
  }

  private static Set<String> known(MaximalPolicy maximal, ObjectNode mutant) {
    try {
      maximal.load(mutant);
    } catch (RunnerException e) {
      for (FileProblem problem : e.problems()) {
        Matcher known = KNOWN.matcher(problem.fix());
        if (problem.what().contains("zzzzz") && known.matches()) {
          return Set.of(known.group(1).split(", "));
        }
      }
    }
    throw new AssertionError("an unknown key is not refused: " + mutant);
  }

  private static boolean isRefused(MaximalPolicy maximal, ObjectNode mutant) {
    try {
      maximal.load(mutant);
      return false;
    } catch (RunnerException e) {
      return true;
    }
  }

  private static JsonNode yaml(String text) {
    return new ObjectMapper()
        .valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
  }
}
