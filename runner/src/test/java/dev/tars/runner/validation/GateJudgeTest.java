package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxOutcome.Observation;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GateJudgeTest {
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 1, 1);
  private static final Observation SEEN = new Observation("tail", 10, Duration.ofSeconds(1));
  private static final TestIntegrity STRICT = new TestIntegrity(List.of(), true, 0, 0, List.of());
  private static final Gate.Command COMPILE =
      new Gate.Command(
          "compile",
          Gate.Command.Kind.COMPILATION,
          List.of("mvn", "compile"),
          Duration.ofMinutes(1),
          AT);

  @Test
  void exitCodeZeroWithinTheLimitsPasses() {
    assertThat(GateJudge.judge(COMPILE, run(0)).result()).isEqualTo(Result.PASSED);
  }

  @Test
  void everyOtherEndingIsNotAPassAndHasItsCode() {
    assertFailed(judge(new SandboxOutcome.Exited(3, SEEN)), FailureCode.GATE_FAILED);
    assertFailed(
        judge(new SandboxOutcome.TimedOut(Duration.ofSeconds(60), SEEN)), FailureCode.TIMEOUT);
    assertFailed(judge(new SandboxOutcome.OutOfMemory(SEEN)), FailureCode.RESOURCE_LIMIT);
    assertFailed(judge(new SandboxOutcome.DiskLimit("full", SEEN)), FailureCode.RESOURCE_LIMIT);
    assertFailed(judge(new SandboxOutcome.OutputLimit(SEEN)), FailureCode.RESOURCE_LIMIT);
  }

  @Test
  void aProgramMissingInTheImageIsNotTheChangesFault() {
    GateResult result = judge(new SandboxOutcome.NotStarted("no such file", SEEN));
    assertThat(result.result()).isEqualTo(Result.UNKNOWN);
    assertThat(result.code().orElseThrow().exitCode()).isEqualTo(5);
  }

  @Test
  void aProgramOfTheWorkspaceThatDoesNotStartIsTheChangesFault() {
    Gate.Command gate =
        new Gate.Command(
            "c", Gate.Command.Kind.COMMAND, List.of("./mvnw"), Duration.ofMinutes(1), AT);
    GateRun run = new GateRun(new SandboxOutcome.NotStarted("no", SEEN), Reports.none(), List.of());
    assertFailed(GateJudge.judge(gate, run), FailureCode.GATE_FAILED);
  }

  @Test
  void aGateThatChangesSourcesFails() {
    GateRun run =
        new GateRun(new SandboxOutcome.Exited(0, SEEN), Reports.none(), List.of("src/A.java"));
    GateResult result = GateJudge.judge(COMPILE, run);
    assertFailed(result, FailureCode.GATE_FAILED);
    assertThat(result.reason()).contains("src/A.java");
  }

  @Test
  void aGreenReportWithARedExitCodeFails() {
    assertRed(tests(1, "A#a", TestStatus.PASSED), "no failed test in the reports");
  }

  @Test
  void aRedReportWithAGreenExitCodeFails() {
    assertRed(tests(0, "A#a", TestStatus.FAILED), "exit code 0");
  }

  @Test
  void zeroTestsFail() {
    assertRed(tests(0), "no test ran");
    assertRed(tests(0, "A#a", TestStatus.SKIPPED), "no test ran");
    GateRun none = new GateRun(new SandboxOutcome.Exited(0, SEEN), Reports.none(), List.of());
    assertThat(judgeTests(none, before()).reason()).contains("no report was written");
  }

  @Test
  void fewerTestsThanTheMinimumFail() {
    Gate.Tests gate = gate(3, 0);
    GateRun run = tests(0, "A#a", TestStatus.PASSED, "A#b", TestStatus.PASSED);
    GateResult result = GateJudge.judge(gate, before(), run, STRICT);
    assertThat(result.reason()).isEqualTo("2 tests ran and passed, the gate wants 3");
    assertThat(result.brief()).isEqualTo("2 tests ran and passed, the gate wants more");
  }

  @Test
  void anUnreadableReportFails() {
    GateRun run =
        new GateRun(
            new SandboxOutcome.Exited(0, SEEN), new Reports.Unreadable("no parse"), List.of());
    assertFailed(judgeTests(run, before()), FailureCode.GATE_FAILED);
  }

  @Test
  void aBrokenTestFails() {
    GateResult result =
        judgeTests(
            tests(1, "A#a", TestStatus.FAILED, "A#b", TestStatus.PASSED),
            before("A#a", TestStatus.PASSED));
    assertFailed(result, FailureCode.GATE_FAILED);
    assertThat(result.tests().orElseThrow().broken()).containsExactly("A#a");
  }

  @Test
  void aVanishedTestFailsBeyondTheLimit() {
    GateRun run = tests(0, "A#b", TestStatus.PASSED);
    TestsBefore before = before("A#a", TestStatus.PASSED, "A#b", TestStatus.PASSED);
    assertThat(judgeTests(run, before).reason()).contains("1 test vanished: A#a");
    TestIntegrity oneMay = new TestIntegrity(List.of(), true, 1, 0, List.of());
    assertThat(GateJudge.judge(gate(1, 0), before, run, oneMay).result()).isEqualTo(Result.PASSED);
  }

  @Test
  void aNewlySkippedTestFailsAlsoIfItWasRedBefore() {
    GateRun run = tests(0, "A#a", TestStatus.SKIPPED, "A#b", TestStatus.PASSED);
    for (TestStatus then : List.of(TestStatus.PASSED, TestStatus.FAILED)) {
      GateResult result = judgeTests(run, before("A#a", then, "A#b", TestStatus.PASSED));
      assertThat(result.reason()).contains("newly skipped: A#a");
    }
  }

  @Test
  void aTestThatFailedBeforeIsShownAndDoesNotFailTheChange() {
    GateResult result =
        judgeTests(
            tests(1, "A#a", TestStatus.FAILED, "A#b", TestStatus.PASSED),
            thrice(1, "A#a", TestStatus.FAILED, "A#b", TestStatus.FAILED));
    assertThat(result.result()).isEqualTo(Result.PASSED);
    assertThat(result.tests().orElseThrow().stillFailing()).containsExactly("A#a");
    assertThat(result.tests().orElseThrow().fixed()).containsExactly("A#b");
    assertThat(result.reason()).contains("as before the change (in each of 3 runs)");
  }

  @Test
  void testsOfAModuleThatNoLongerLoadsAreBroken() {
    GateResult result =
        judgeTests(
            tests(1, "t.mod#(not loaded)", TestStatus.ERROR, "t.other#c", TestStatus.PASSED),
            before(
                "t.mod#a", TestStatus.PASSED,
                "t.mod.Class#b", TestStatus.FAILED,
                "t.other#c", TestStatus.PASSED));
    assertFailed(result, FailureCode.GATE_FAILED);
    assertThat(result.tests().orElseThrow().broken()).containsExactly("t.mod#a");
    assertThat(result.tests().orElseThrow().stillFailing()).containsExactly("t.mod.Class#b");
    assertThat(result.tests().orElseThrow().vanished()).isEmpty();
  }

  @Test
  void aGreenTestThatIsNamedSoHidesNoVanishedOne() {
    GateResult result =
        judgeTests(
            tests(0, "org.T#(not loaded)", TestStatus.PASSED),
            before("org.T#a", TestStatus.PASSED));
    assertThat(result.reason()).contains("vanished: org.T#a");
  }

  @Test
  void testsOfAModuleThatLoadsNowAreFixedAndTheModuleDoesNotVanish() {
    GateResult result =
        judgeTests(
            tests(0, "t.mod#a", TestStatus.PASSED), before("t.mod#(not loaded)", TestStatus.ERROR));
    assertThat(result.result()).isEqualTo(Result.PASSED);
    assertThat(result.tests().orElseThrow().fixed()).containsExactly("t.mod#a");
    assertThat(result.tests().orElseThrow().vanished()).isEmpty();
  }

  @Test
  void aNewTestThatFailsFailsTheGateUnlessThePolicyAllowsSome() {
    GateRun run = tests(1, "A#a", TestStatus.PASSED, "A#new", TestStatus.ERROR);
    TestsBefore before = before("A#a", TestStatus.PASSED);
    assertThat(judgeTests(run, before).reason()).contains("1 new test fails: A#new");
    assertThat(GateJudge.judge(gate(1, 1), before, run, STRICT).result()).isEqualTo(Result.PASSED);
  }

  @Test
  void aTestThatTheToolTriedAgainMakesTheGateFlaky() {
    TestInventory tests =
        new TestInventory(1, inventory("A#a", TestStatus.PASSED), new TreeSet<>(List.of("A#a")));
    GateRun run =
        new GateRun(new SandboxOutcome.Exited(0, SEEN), new Reports.Read(tests), List.of());
    GateResult result = judgeTests(run, before("A#a", TestStatus.PASSED));
    assertThat(result.result()).isEqualTo(Result.FLAKY);
    assertThat(VerdictAssembly.result(List.of(result), List.of())).isEqualTo(Verdict.Result.FAILED);
  }

  @Test
  void anOutOfMemoryGateWithGreenReportsFails() {
    GateRun green = tests(0, "A#a", TestStatus.PASSED);
    GateRun run = new GateRun(new SandboxOutcome.OutOfMemory(SEEN), green.reports(), List.of());
    assertFailed(judgeTests(run, before()), FailureCode.RESOURCE_LIMIT);
  }

  private static void assertRed(GateRun run, String reason) {
    GateResult result = judgeTests(run, before());
    assertFailed(result, FailureCode.GATE_FAILED);
    assertThat(result.reason()).contains(reason);
  }

  private static void assertFailed(GateResult result, FailureCode code) {
    assertThat(result.result()).isEqualTo(Result.FAILED);
    assertThat(result.code()).contains(code);
    assertThat(result.reason()).isNotEmpty();
  }

  private static GateResult judge(SandboxOutcome outcome) {
    return GateJudge.judge(COMPILE, new GateRun(outcome, Reports.none(), List.of()));
  }

  private static GateResult judgeTests(GateRun run, TestsBefore before) {
    return GateJudge.judge(gate(1, 0), before, run, STRICT);
  }

  private static Gate.Tests gate(int minTests, int maxFailures) {
    return new Gate.Tests(
        "unit", List.of("mvn"), List.of(), minTests, maxFailures, 0, Duration.ofMinutes(1), AT);
  }

  private static GateRun run(int code) {
    return new GateRun(new SandboxOutcome.Exited(code, SEEN), Reports.none(), List.of());
  }

  private static GateRun tests(int exit, Object... tests) {
    return new GateRun(
        new SandboxOutcome.Exited(exit, SEEN),
        new Reports.Read(new TestInventory(1, inventory(tests), new TreeSet<>())),
        List.of());
  }

  private static TestsBefore thrice(int exitCode, Object... tests) {
    TestInventory all = new TestInventory(1, inventory(tests), new TreeSet<>());
    return new TestsBefore.Known(
        java.util.Collections.nCopies(3, new TestsBefore.Run(exitCode, 10, all)));
  }

  private static TestsBefore before(Object... tests) {
    return new TestsBefore.Known(0, new TestInventory(1, inventory(tests), new TreeSet<>()));
  }

  private static TreeMap<String, TestStatus> inventory(Object... tests) {
    TreeMap<String, TestStatus> all = new TreeMap<>();
    for (int i = 0; i < tests.length; i += 2) {
      all.put((String) tests[i], (TestStatus) tests[i + 1]);
    }
    return all;
  }
}
