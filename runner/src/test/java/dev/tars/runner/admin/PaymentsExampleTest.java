package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.plan.ImprovementReader;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.FileOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A policy, its tests and an improvement that use everything at once, as one team would have it.
 */
class PaymentsExampleTest {
  @TempDir private Path temp;
  private ToolBench bench;
  private String policy = "";

  @BeforeEach
  void write() {
    bench = new ToolBench(temp);
    String common = resource("payments-common.yaml");
    ToolBench.write(temp.resolve("policy.d/payments-common.yaml"), common);
    String digest = Digest.of(common.getBytes(StandardCharsets.UTF_8)).hex();
    Path file = temp.resolve("policy.yaml");
    ToolBench.write(file, resource("policy.yaml").replace("@COMMON@", digest));
    policy = file.toString();
  }

  private static String resource(String name) {
    try (InputStream in = PaymentsExampleTest.class.getResourceAsStream("payments/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void thePolicyIsValidAndOneWithAnotherBaseIsNot() {
    assertThat(bench.tools().validate(List.of(policy)))
        .allSatisfy(checked -> assertThat(checked.valid()).as(checked.lines().toString()).isTrue());
    ToolBench.write(
        temp.resolve("policy.d/payments-common.yaml"), resource("payments-common.yaml") + "# x\n");
    assertThat(bench.tools().validate(List.of(policy)))
        .noneSatisfy(checked -> assertThat(checked.valid()).isTrue());
  }

  @Test
  void itsTestsPassAndARecordedRunKeepsItsVerdict() throws IOException {
    List<Request> asked =
        List.of(
            new Request.Write(RelativePath.of("src/main/java/A.java"), FileOperation.MODIFY),
            new Request.Write(RelativePath.of(".github/workflows/ci.yml"), FileOperation.CREATE));
    String id = bench.context(EffectivePolicies.alone(bench, Path.of(policy)), policy, asked);
    Path records = temp.resolve("state/contexts").resolve(id).resolve("decisions.jsonl");
    Path fixture = temp.resolve("policy-tests/fixtures/recorded.decisions.jsonl");
    ToolBench.write(fixture, Files.readString(records));
    ToolBench.write(temp.resolve("policy-tests/payments.yaml"), resource("policytest.yaml"));
    TestReport report = bench.tools().test(List.of(temp.resolve("policy-tests")), false);
    assertThat(report.lines(false, false).toString()).contains("4 cases, 0 failed");
    assertThat(report.passed()).isTrue();
  }

  @Test
  void theImprovementHasEveryTypeOfStep() {
    Path file = temp.resolve("improvement.yaml");
    ToolBench.write(file, resource("improvement.yaml"));
    Plan plan = ImprovementReader.read(file, "improvement.yaml");
    assertThat(plan.steps()).hasSize(14);
    assertThat(plan.steps().stream().map(step -> step.action().getClass()).distinct()).hasSize(11);
  }
}
