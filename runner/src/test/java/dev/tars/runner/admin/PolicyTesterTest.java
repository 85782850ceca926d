package dev.tars.runner.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.FileOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTesterTest {
  private static final String POLICY =
      """
      filesystem:
        write: [{ id: all, paths: ["**"] }]
        protect:
          - { id: ci, paths: [".github/**"] }
          - { id: keys, paths: ["**/*.key"], except: ["test/**"] }
        limits: { filesChanged: 7 }
      """;
  private static final String CI =
      """
        - name: ci
          request: { write: { path: .github/x.yml, operation: modify } }
          expect: { decision: deny, rule: ci }
      """;
  private static final String REST =
      """
        - name: keys
          request: { write: { path: a.key, operation: modify } }
          expect: { decision: deny, rule: keys }
        - name: test keys
          request: { write: { path: test/a.key, operation: modify } }
          expect: { decision: allow, rule: all }
        - name: size
          request: { limit: { name: filesChanged, value: 8 } }
          expect: { decision: deny }
      """;

  @TempDir private Path temp;
  private ToolBench bench;

  @BeforeEach
  void make() {
    bench = new ToolBench(temp);
    bench.file("p.yaml", POLICY);
  }

  private TestReport run(String cases) {
    return bench.tools().test(List.of(bench.test("t/test.yaml", "../p.yaml", cases)), true);
  }

  @Test
  void everyRuleThatIsTestedIsMissedWhenItGoes() {
    TestReport report = run(CI + REST);
    assertThat(report.failed()).isZero();
    assertThat(report.policies().getFirst().mutation().survived()).isEmpty();
    assertThat(report.policies().getFirst().mutation().noticed()).isGreaterThanOrEqualTo(5);
    assertThat(report.passed()).isTrue();
  }

  @Test
  void aRuleThatNoCaseSpeaksOfSurvives() {
    TestReport report = run(REST);
    assertThat(report.failed()).isZero();
    assertThat(report.policies().getFirst().mutation().survived()).contains("without ci");
    assertThat(report.policies().getFirst().uncovered()).contains("ci");
    assertThat(report.passed()).isFalse();
  }

  @Test
  void anExceptionThatNoCaseSpeaksOfSurvives() {
    TestReport report = run(CI + REST.replace("test/a.key", "test/a.txt"));
    assertThat(report.failed()).isZero();
    assertThat(report.policies().getFirst().mutation().survived()).contains("keys without except");
  }

  @Test
  void aLimitThatNoCaseSpeaksOfSurvives() {
    TestReport report = run(CI + REST.replace("value: 8", "value: 800"));
    assertThat(report.failed()).isZero();
    assertThat(report.policies().getFirst().mutation().survived())
        .anyMatch(s -> s.contains("filesChanged"));
  }

  @Test
  void theDecidingRuleIsPartOfTheClaim() {
    TestReport report = run(CI.replace("rule: ci", "rule: keys"));
    assertThat(report.failed()).isEqualTo(1);
    assertThat(report.passed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"decision: allow", "decision: ask"})
  void anotherDecisionFails(String wrong) {
    assertThat(run(CI.replace("decision: deny, rule: ci", wrong)).failed()).isEqualTo(1);
  }

  @Test
  void noCaseProvesNothing() throws IOException {
    Files.createDirectories(temp.resolve("empty"));
    TestReport report = bench.tools().test(List.of(temp.resolve("empty")), false);
    assertThat(report.cases()).isZero();
    assertThat(report.passed()).isFalse();
    assertThat(run("  []\n").passed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  - { name: a, request: { write: { path: a, operation: modify } } }\n",
        "  - { name: a, request: { write: { path: a, operation: modify } }, expect: {} }\n",
        "  - { name: a, request: { write: { path: a } }, expect: { decision: deny } }\n",
        "  - { name: a, request: { write: { path: ../a, operation: modify } }, expect: { decision: deny } }\n",
        "  - { name: a, request: { wirte: { path: a, operation: modify } }, expect: { decision: deny } }\n",
        "  - { name: a, request: { read: { path: a } }, expect: { decison: deny } }\n",
        "  - { name: a, request: { read: { path: a }, env: { name: A } }, expect: { decision: deny } }\n",
        "  - { name: a, request: { run: { argv: [] } }, expect: { decision: deny } }\n",
        "  - { name: a, request: { read: { path: a } }, value: approval.count, expect: { decision: deny } }\n",
        "  - { name: a, request: { read: { path: a } }, expect: { decision: deny, approval: x } }\n",
        "  - { name: a, replay: { run: x.jsonl }, expect: {} }\n",
        "  - { request: { read: { path: a } }, expect: { decision: deny } }\n",
      })
  void aCaseThatSaysNothingClearlyIsRefused(String cases) {
    assertThatThrownBy(() -> run(cases)).isInstanceOf(RunnerException.class);
  }

  @Test
  void aReplayCountsTheVerdictsThatChange() throws IOException {
    String context =
        bench.context(
            bench.policy(POLICY),
            "x",
            List.of(
                new Request.Write(RelativePath.of(".github/x"), FileOperation.MODIFY),
                new Request.Write(RelativePath.of("a.txt"), FileOperation.MODIFY)));
    Files.copy(
        temp.resolve("state/contexts/" + context + "/decisions.jsonl"),
        temp.resolve("recorded.jsonl"));
    String replay =
        "  - { name: r, replay: { run: ../recorded.jsonl }, expect: { changedVerdicts: 0 } }\n";
    assertThat(run(replay).failed()).isZero();
    bench.file("p.yaml", POLICY.replace("[\".github/**\"]", "[\".gitlab/**\"]"));
    assertThat(run(replay).failed()).isEqualTo(1);
  }

  @Test
  void aPolicyNamesItsOwnTests() {
    bench.file("p.yaml", POLICY + "tests: [\"t/*.yaml\"]\n");
    bench.test("t/one.yaml", "../p.yaml", CI);
    TestReport report = bench.tools().test(List.of(temp.resolve("p.yaml")), false);
    assertThat(report.cases()).isEqualTo(1);
  }
}
