package dev.tars.runner.validation;

import static dev.tars.runner.validation.FakeCleanRoom.exited;
import static dev.tars.runner.validation.FakeCleanRoom.tests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.ChangeFixture;
import dev.tars.runner.validation.checks.CheckRules;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestStatus;
import dev.tars.runner.workspace.ChangeSets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValidatorTest {
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 3, 5);
  private static final Gate COMPILE =
      new Gate.Command(
          "compile", Gate.Command.Kind.COMPILATION, List.of("mvn"), Duration.ofMinutes(1), AT);

  private final FakeCleanRoom room = new FakeCleanRoom();
  private final ChangeFixture change = new ChangeFixture().set("src/A.txt", "a\n");

  private Set<String> overridable = Set.of();

  @Test
  void greenGatesPass() {
    room.answer("compile/after", exited(0))
        .answer("unit/before", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/after", tests(0, "T#a", TestStatus.PASSED));
    Verdict verdict = validate(COMPILE, unit(0));
    assertThat(verdict.result()).isEqualTo(Verdict.Result.PASSED);
    assertThat(VerdictExit.of(verdict)).isEmpty();
    assertThat(room.phases()).containsExactly("compile/after", "unit/before", "unit/after");
    assertThat(room.jobs.get(1).content()).isEmpty();
    assertThat(room.jobs.get(2).content()).contains(change.changeSet());
  }

  @Test
  void withoutAGateNothingIsProven() {
    assertThat(validate().result()).isEqualTo(Verdict.Result.UNVERIFIED);
  }

  @Test
  void withGatesSwitchedOffNothingIsProvenAndNothingRuns() {
    Verdict verdict = validate(rules(List.of(COMPILE)), false);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.UNVERIFIED);
    assertThat(verdict.gates().getFirst().result()).isEqualTo(Result.SKIPPED);
    assertThat(room.jobs).isEmpty();
  }

  @Test
  void afterARedGateTheOthersAreSkipped() {
    room.answer("compile/after", exited(1));
    Verdict verdict = validate(COMPILE, unit(0));
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAILED);
    assertThat(verdict.gates())
        .extracting(GateResult::result)
        .containsExactly(Result.FAILED, Result.SKIPPED);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.GATE_FAILED);
  }

  @Test
  void aTimeOutAndALimitHaveTheirOwnExitCodes() {
    room.answer(
        "compile/after",
        new GateRun(
            new SandboxOutcome.TimedOut(Duration.ofSeconds(9), FakeCleanRoom.SEEN),
            Reports.none(),
            List.of()));
    assertThat(VerdictExit.of(validate(COMPILE)).orElseThrow().exitCode()).isEqualTo(15);
    room.answer(
        "compile/after",
        new GateRun(new SandboxOutcome.OutOfMemory(FakeCleanRoom.SEEN), Reports.none(), List.of()));
    assertThat(VerdictExit.of(validate(COMPILE)).orElseThrow().exitCode()).isEqualTo(16);
  }

  @Test
  void anEngineThatIsLostMakesTheVerdictUnknown() {
    room.fail(
        "compile/after", new RunnerException(FailureCode.ENGINE_LOST, "gone", "start it again"));
    Verdict verdict = validate(COMPILE, unit(0));
    assertThat(verdict.result()).isEqualTo(Verdict.Result.UNKNOWN);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.ENGINE_LOST);
  }

  @Test
  void aFullDiskOfTheHostMakesTheVerdictUnknown() {
    room.fail("compile/after", new DiskException(Errno.ENOSPC, "write", "objects"));
    Verdict verdict = validate(COMPILE);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.UNKNOWN);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.DISK_FULL);
  }

  @Test
  void aBrokenStoreIsNoVerdict() {
    room.fail("compile/after", new RunnerException(FailureCode.INTEGRITY, "bad", "check"));
    assertThatThrownBy(() -> validate(COMPILE)).isInstanceOf(RunnerException.class);
  }

  @Test
  void aDeniedPathRejectsBeforeAnythingRuns() {
    ValidationRules rules = rules(List.of(COMPILE), Effect.DENY, List.of());
    Verdict verdict = validate(rules, true);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAILED);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.POLICY_DENIED);
    assertThat(verdict.findings().getFirst().message())
        .isEqualTo("to create it is denied by fs.x (user, policy.yaml:3:5): because");
    assertThat(room.jobs).isEmpty();
  }

  @Test
  void anAskedPathIsKeptForTheReview() {
    room.answer("compile/after", exited(0));
    Verdict named = validate(rules(List.of(COMPILE), Effect.ASK, List.of("build-files")), true);
    assertThat(named.result()).isEqualTo(Verdict.Result.PASSED);
    assertThat(named.asks()).containsExactly("build-files");
    Verdict anybody = validate(rules(List.of(COMPILE), Effect.ASK, List.of()), true);
    assertThat(anybody.asks()).containsExactly("");
    assertThat(anybody.findings()).extracting(Finding::severity).containsExactly(Severity.REVIEW);
  }

  @Test
  void aDirectoryIsDecidedByWhatIsInIt() {
    change.dir("new").set("new/a.txt", "x\n").dir("empty");
    List<String> asked = new java.util.ArrayList<>();
    ValidationRules rules = rules(List.of());
    new PathDecisions()
        .decide(
            change.changeSet(),
            (path, operation) -> {
              asked.add(path.toString());
              return rules.write().write(path, operation);
            },
            new dev.tars.runner.validation.checks.Findings());
    assertThat(asked).containsExactly("empty", "new/a.txt", "src/A.txt");
  }

  @Test
  void aSyntaxErrorIsAGateThatSaidNo() {
    change.set("a.json", "{");
    Verdict verdict = validate(COMPILE);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.GATE_FAILED);
  }

  @Test
  void aChangeThatIsTooLargeIsRejected() {
    ValidationRules rules = rules(List.of());
    ValidationRequest request =
        new ValidationRequest(
            change.changeSet(),
            ChangeSets.digest(change.changeSet()),
            1001,
            1001,
            change,
            new ValidationRules(
                rules.gates(),
                new ChangeLimits(0, 1000, 1000, new ByteCount(1), new ByteCount(1), 3, 1),
                rules.checks(),
                rules.write(),
                Set.of()),
            true);
    assertThat(validator().validate(request).findings())
        .extracting(Finding::rule)
        .containsExactlyInAnyOrder(
            "limit.files",
            "limit.lines-added",
            "limit.lines-removed",
            "limit.file-size",
            "limit.total-size",
            "limit.path-length",
            "limit.depth");
  }

  @Test
  void aDirectoryThatIsTooDeepSaysItForAllThatIsInIt() {
    change.dir("a/b/c").set("a/b/c/d", "x").set("a/b/c/e/f", "x").set("a/old/c/d", "x");
    ValidationRules rules = rules(List.of());
    ChangeLimits limits = new ChangeLimits(9, 99, 99, new ByteCount(99), new ByteCount(99), 999, 2);
    ValidationRequest request =
        new ValidationRequest(
            change.changeSet(),
            ChangeSets.digest(change.changeSet()),
            3,
            0,
            change,
            new ValidationRules(rules.gates(), limits, rules.checks(), rules.write(), Set.of()),
            true);
    assertThat(validator().validate(request).findings())
        .filteredOn(f -> f.rule().equals("limit.depth"))
        .extracting(f -> f.path().toString())
        .containsExactly("a/b/c", "a/b/c/e/f", "a/old/c/d");
  }

  @Test
  void aGateThatPassesOnlyTheSecondTimeIsFlakyAndNoPass() {
    room.answer("unit/before", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/after", tests(1, "T#a", TestStatus.FAILED))
        .answer("unit/again-1", tests(0, "T#a", TestStatus.PASSED));
    Verdict verdict = validate(unit(1));
    assertThat(verdict.gates().getFirst().result()).isEqualTo(Result.FLAKY);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAILED);
    assertThat(VerdictExit.of(verdict)).contains(FailureCode.GATE_FAILED);
  }

  @Test
  void testsThatChangedRunAgainAsTheyWere() {
    change.base("src/test/T.txt", "old\n").set("src/test/T.txt", "new\n");
    room.answer("unit/before", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/after", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/original-tests", tests(1, "T#a", TestStatus.FAILED));
    Verdict verdict = validate(unit(0));
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAILED);
    assertThat(verdict.gates().getFirst().reason()).startsWith("with the tests as they were: ");
    assertThat(room.jobs.getLast().content().orElseThrow().changes()).hasSize(1);
    // Positive control: without the second run the weakened test passes.
    ValidationRules notTests =
        new ValidationRules(
            List.of(unit(0)),
            limits(),
            checks(ChangeFixture.tests("none/", List.of())),
            allow(),
            Set.of());
    assertThat(validate(notTests, true).result()).isEqualTo(Verdict.Result.PASSED);
  }

  @Test
  void whereThePolicyDoesNotRequireTheOriginalTestsTheirFailureIsAFinding() {
    change.base("src/test/T.txt", "old\n").set("src/test/T.txt", "new\n");
    room.answer("unit/before", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/after", tests(0, "T#a", TestStatus.PASSED))
        .answer("unit/original-tests", tests(1, "T#a", TestStatus.FAILED));
    TestIntegrity reported =
        new TestIntegrity(List.of(ChangeFixture.prefix("src/test/")), false, 0, 0, List.of());
    Verdict verdict =
        validate(
            new ValidationRules(List.of(unit(0)), limits(), checks(reported), allow(), Set.of()),
            true);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.PASSED);
    assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("test.original");
  }

  @Test
  void aBaselineWithoutTestsIsShownBecauseNothingCanBeCompared() {
    room.answer("unit/before", tests(1)).answer("unit/after", tests(0, "T#a", TestStatus.PASSED));
    Verdict verdict = validate(unit(0));
    assertThat(verdict.result()).isEqualTo(Verdict.Result.PASSED);
    assertThat(verdict.findings()).extracting(Finding::rule).containsExactly("test.no-baseline");
    assertThat(verdict.findings()).extracting(Finding::severity).containsExactly(Severity.REVIEW);
  }

  @Test
  void aReportInTheChangeSetFailsTheGateBeforeItRuns() {
    change.set("reports/TEST-forged.xml", "<testsuite/>\n");
    Verdict verdict = validate(unit(0));
    assertThat(verdict.gates().getFirst().reason()).contains("reports/TEST-forged.xml");
    assertThat(room.jobs).isEmpty();
  }

  @Test
  void anExpressionThatIsFalseOrCannotBeEvaluatedFails() {
    Gate size = new Gate.Expression("size", new Condition("true", Scope.GATE), "too large", AT);
    Verdict no =
        new Validator(
                room,
                (g, runs, run) ->
                    BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
                (g, r, b) -> false,
                ValidationProgress.NONE)
            .validate(request(rules(List.of(size)), true));
    assertThat(no.gates().getFirst().reason()).isEqualTo("too large");
    Verdict broken =
        new Validator(
                room,
                (g, runs, run) ->
                    BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
                (g, r, b) -> {
                  throw new IllegalStateException("no such field");
                },
                ValidationProgress.NONE)
            .validate(request(rules(List.of(size)), true));
    assertThat(broken.gates().getFirst().result()).isEqualTo(Result.FAILED);
  }

  private Verdict validate(Gate... gates) {
    return validate(rules(List.of(gates)), true);
  }

  private Verdict validate(ValidationRules rules, boolean runGates) {
    Verdict verdict = validator().validate(request(rules, runGates));
    assertThat(VerdictJson.read(VerdictJson.write(verdict))).isEqualTo(verdict);
    return verdict;
  }

  private Validator validator() {
    return new Validator(
        room,
        (gate, runs, run) -> BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
        (gate, request, done) -> true,
        ValidationProgress.NONE);
  }

  private ValidationRequest request(ValidationRules rules, boolean runGates) {
    return new ValidationRequest(
        change.changeSet(), ChangeSets.digest(change.changeSet()), 1, 0, change, rules, runGates);
  }

  /** The positive control: without the override the second gate never runs. */
  @Test
  void aFailedGateThatPeopleMayOverrideDoesNotHideWhatTheOthersSay() {
    Gate size = new Gate.Expression("size", new Condition("true", Scope.GATE), "large", AT);
    Gate late = new Gate.Expression("late", new Condition("true", Scope.GATE), "late", AT);
    assertThat(ofBoth(size, late).gates().get(1).result()).isEqualTo(Result.SKIPPED);
    overridable = Set.of("size");
    Verdict verdict = ofBoth(size, late);
    assertThat(verdict.gates().get(1).result()).isEqualTo(Result.PASSED);
    assertThat(verdict.result()).isEqualTo(Verdict.Result.FAILED);
  }

  private Verdict ofBoth(Gate first, Gate second) {
    return new Validator(
            room,
            (g, runs, run) -> BeforeResults.fill(new TestsBefore.Unusable("not run"), runs, run),
            (g, r, b) -> g.id().equals("late"),
            ValidationProgress.NONE)
        .validate(request(rules(List.of(first, second)), true));
  }

  private ValidationRules rules(List<Gate> gates) {
    return rules(gates, Effect.ALLOW, List.of());
  }

  private ValidationRules rules(List<Gate> gates, Effect effect, List<String> approvals) {
    Decision decision =
        new Decision(
            effect, List.of(new RuleMatch("fs.x", "user", AT, effect, "because")), approvals);
    return new ValidationRules(
        gates,
        limits(),
        checks(ChangeFixture.tests("src/test/", List.of())),
        (path, operation) -> decision,
        overridable);
  }

  private ValidationRules.WriteRules allow() {
    return rules(List.of()).write();
  }

  private static CheckRules checks(TestIntegrity integrity) {
    return CheckRules.standard(integrity);
  }

  private static ChangeLimits limits() {
    return new ChangeLimits(
        100, 1000, 1000, ByteCount.mebibytes(1), ByteCount.mebibytes(2), 200, 20);
  }

  private static Gate.Tests unit(int reruns) {
    return new Gate.Tests(
        "unit",
        List.of("mvn"),
        List.of(ChangeFixture.prefix("reports/")),
        1,
        0,
        reruns,
        Duration.ofMinutes(1),
        AT);
  }
}
