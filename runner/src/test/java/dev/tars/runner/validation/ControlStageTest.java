package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.ControlRule;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.ChangeFixture;
import dev.tars.runner.validation.checks.CheckRules;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.control.Control;
import dev.tars.runner.validation.control.Originals;
import dev.tars.runner.validation.control.SentinelNames;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestStatus;
import dev.tars.runner.workspace.ChangeSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a policy wants control runs, and what comes of one that shows nothing. */
class ControlStageTest {
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 1, 1);
  private static final Gate.Tests PYTEST = gate("pytest");

  private final Findings findings = new Findings();
  private FakeCleanRoom room = new FakeCleanRoom();

  @Test
  void whereNobodyIsAskedAPassThatIsNotControlledAsks() {
    GateResult controlled = run(ControlRule.UNATTENDED, PYTEST, passed(), List.of());
    assertThat(controlled.result()).isEqualTo(Result.PASSED);
    assertThat(controlled.control().result()).isEqualTo(Control.Result.UNCONTROLLED);
    assertThat(findings.sorted())
        .singleElement()
        .satisfies(f -> assertThat(f.severity()).isEqualTo(Severity.REVIEW))
        .satisfies(f -> assertThat(f.rule()).isEqualTo("gate.uncontrolled"));
  }

  @Test
  void whereSomebodyIsAskedAnywayNothingRunsUnlessItIsRequired() {
    assertThat(run(ControlRule.UNATTENDED, PYTEST, passed(), List.of("team")).control())
        .isEqualTo(Control.NONE);
    findings.add("handoff.ci", Severity.REVIEW, RelativePath.ROOT, 0, "x");
    assertThat(run(ControlRule.UNATTENDED, PYTEST, passed(), List.of()).control())
        .isEqualTo(Control.NONE);
    assertThat(run(ControlRule.REQUIRED, PYTEST, passed(), List.of("team")).control().result())
        .isEqualTo(Control.Result.UNCONTROLLED);
    assertThat(run(ControlRule.OFF, PYTEST, passed(), List.of()).control()).isEqualTo(Control.NONE);
  }

  @Test
  void aGateThatDidNotPassIsNotControlled() {
    GateResult skipped = GateResult.skipped("unit", "x");
    assertThat(run(ControlRule.REQUIRED, PYTEST, skipped, List.of()).control())
        .isEqualTo(Control.NONE);
  }

  @Test
  void aCommandThatStopsAtTheFirstRedTestAndAToolThatIsNotKnownAreUncontrolled() {
    for (Gate.Tests gate : List.of(gate("pytest", "-x"), gate("make", "check"))) {
      assertThat(run(ControlRule.REQUIRED, gate, passed(), List.of()).control().result())
          .isEqualTo(Control.Result.UNCONTROLLED);
    }
  }

  @Test
  void whatAControlRunSaysIsReadBackFromTheVerdict() {
    GateResult gate =
        passed().with(new Control(Control.Result.PROVEN, 3, 2, "x", Duration.ofMillis(5)));
    Verdict verdict =
        new Verdict(
            Verdict.Result.PASSED, Digest.of(new byte[0]), List.of(gate), List.of(), List.of());
    assertThat(VerdictJson.read(VerdictJson.write(verdict))).isEqualTo(verdict);
  }

  @Test
  void aControlRunThatComesToALimitSaysNothing() {
    room = new FakeCleanRoom().with(oneTest()).answer("unit/control", late());
    GateResult controlled = run(ControlRule.REQUIRED, PYTEST, passed(), List.of());
    assertThat(controlled.control().reason())
        .isEqualTo("its control run did not end: no result after 60 s");
    assertThat(controlled.result()).isEqualTo(Result.PASSED);
  }

  @Test
  void aControlRunWithoutItsPlantedTestsIsHeldAgainstTheBaseline() {
    GateRun blind = FakeCleanRoom.tests(1, "test_a#test_a", TestStatus.PASSED);
    room =
        new FakeCleanRoom()
            .with(oneTest())
            .answer("unit/control", blind)
            .answer("unit/control-before", blind);
    GateResult controlled = run(ControlRule.REQUIRED, PYTEST, passed(), List.of());
    assertThat(controlled.control().result()).isEqualTo(Control.Result.UNCONTROLLED);
    assertThat(room.phases()).containsExactly("unit/control", "unit/control-before");
    assertThat(room.jobs.getFirst().planted()).hasSize(2);
    assertThat(room.jobs.getFirst().planted()).isEqualTo(room.jobs.getLast().planted());
  }

  private static Originals oneTest() {
    return new Originals() {
      @Override
      public List<RelativePath> files() {
        return List.of(RelativePath.of("test_a.py"));
      }

      @Override
      public Optional<String> text(RelativePath path) {
        return Optional.of("def test_a():\n    assert 1\n");
      }
    };
  }

  private static GateRun late() {
    return new GateRun(
        new SandboxOutcome.TimedOut(Duration.ofMinutes(1), FakeCleanRoom.SEEN),
        Reports.none(),
        List.of());
  }

  private GateResult run(ControlRule rule, Gate.Tests gate, GateResult result, List<String> asks) {
    GateRunner runner = new GateRunner(room, ValidationProgress.NONE);
    ControlGate control = new ControlGate(runner, new SentinelNames(new Random(1)));
    return new ControlStage(control, request(rule, gate), findings)
        .of(List.of(result), asks, Map.of())
        .getFirst();
  }

  private static GateResult passed() {
    return new GateResult(
        "unit", Result.PASSED, Optional.empty(), Duration.ZERO, Optional.empty(), "", "");
  }

  private static Gate.Tests gate(String... argv) {
    return new Gate.Tests("unit", List.of(argv), List.of(), 1, 0, 0, Duration.ofMinutes(1), AT);
  }

  private static ValidationRequest request(ControlRule rule, Gate gate) {
    ChangeSet change = new ChangeSet(Digest.of(new byte[0]), List.of(), List.of(), List.of());
    Decision allow =
        new Decision(
            Effect.ALLOW, List.of(new RuleMatch("all", "user", AT, Effect.ALLOW, "")), List.of());
    ValidationRules rules =
        new ValidationRules(
            List.of(gate),
            new ChangeLimits(
                100, 1000, 1000, ByteCount.mebibytes(1), ByteCount.mebibytes(2), 200, 20),
            CheckRules.standard(new TestIntegrity(List.of(), false, 0, 0, List.of())),
            (path, operation) -> allow);
    return new ValidationRequest(
        change, change.baseDigest(), 0, 0, new ChangeFixture(), rules.with(rule), true);
  }
}
