package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.workspace.ChangeSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One test gate: before, after, again if the policy says so, and with the original tests. */
final class TestGate {
  private static final int MOST_RUNS = 8;
  private static final Duration QUICK = Duration.ofMinutes(1);

  private final GateRunner runner;
  private final BeforeResults kept;
  private final TestIntegrity integrity;
  private final Findings findings;
  private TestsBefore before = new TestsBefore.Unusable("it was not run yet");

  TestGate(GateRunner runner, BeforeResults kept, TestIntegrity integrity, Findings findings) {
    this.runner = runner;
    this.kept = kept;
    this.integrity = integrity;
    this.findings = findings;
  }

  GateResult run(Gate.Tests gate, ChangeSet changeSet) {
    before = kept.of(gate, 1, run -> before(gate, run));
    GateResult result = after(gate, changeSet);
    if (!result.mayGoOn()) {
      return result;
    }
    turnedGreen(gate, changeSet, result);
    if (before instanceof TestsBefore.Unusable unusable) {
      findings.add(
          "test.no-baseline",
          Severity.REVIEW,
          RelativePath.ROOT,
          0,
          "gate "
              + gate.id()
              + " gave no tests on the baseline, so that broken and vanished tests"
              + " cannot be seen: "
              + unusable.reason());
    }
    Optional<ChangeSet> original = OriginalTests.of(changeSet, integrity);
    return original.isEmpty() ? result : original(gate, original.get(), result);
  }

  /** Names of the tests that ran on the baseline. */
  Set<String> ran() {
    return before.history().stream()
        .flatMap(run -> run.tests().tests().keySet().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** A change of tests alone that turns tests green has changed what they ask for. */
  private void turnedGreen(Gate.Tests gate, ChangeSet changeSet, GateResult result) {
    boolean testsAlone =
        !changeSet.changes().isEmpty()
            && changeSet.changes().stream()
                .allMatch(c -> integrity.paths().stream().anyMatch(g -> g.matches(c.path())));
    Optional<TestDelta> delta = testsAlone ? result.tests() : Optional.empty();
    delta
        .flatMap(TestModel::green)
        .ifPresent(green ->
            findings.add(
                "test.turned-green",
                Severity.REVIEW,
                RelativePath.ROOT,
                0,
                "gate " + gate.id() + ": a change of tests alone " + green));
  }

  private TestsBefore before(Gate.Tests gate, int number) {
    String phase = number == 1 ? "before" : "before-" + number;
    GateRun run = runner.run(gate, phase, Optional.empty());
    return switch (run.outcome()) {
      case SandboxOutcome.Cancelled cancelled ->
          throw new RunnerException(
              FailureCode.INTERRUPTED, "the run was cancelled", "start it again");
      case SandboxOutcome.Exited exited ->
          switch (run.reports()) {
            case Reports.Unreadable unreadable -> new TestsBefore.Unusable(unreadable.reason());
            case Reports.Read read when read.tests().tests().isEmpty() ->
                new TestsBefore.Unusable("exit code " + exited.code() + " and no test");
            case Reports.Read read ->
                new TestsBefore.Known(
                    List.of(
                        new TestsBefore.Run(
                            exited.code(), exited.observed().elapsed().toMillis(), read.tests())));
          };
      default -> new TestsBefore.Unusable(describe(gate, run));
    };
  }

  private static String describe(Gate.Tests gate, GateRun run) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Ended ended -> "exit code " + ended.exitCode();
      case Ending.Red red -> red.reason();
      case Ending.Unjudged unjudged -> unjudged.reason();
    };
  }

  private GateResult after(Gate.Tests gate, ChangeSet changeSet) {
    GateResult first = judge(gate, "after", changeSet);
    for (int again = 1; again <= gate.reruns() && isRed(first); again++) {
      GateResult next = judge(gate, "again-" + again, changeSet);
      if (next.passed()) {
        return next.as(
            Result.FLAKY,
            FailureCode.GATE_FAILED,
            first.told().after("it passed only when it was tried again; the first time: "));
      }
    }
    return first;
  }

  private static boolean isRed(GateResult result) {
    return result.result() == Result.FAILED
        && result.code().equals(Optional.of(FailureCode.GATE_FAILED));
  }

  /** The gate passed as proposed; now with the tests as they were, which nobody could tune. */
  private GateResult original(Gate.Tests gate, ChangeSet original, GateResult proposed) {
    GateResult result = judge(gate, "original-tests", original);
    if (result.passed() || (result.mayGoOn() && !proposed.passed())) {
      return proposed;
    }
    Told reason = result.told().after("with the tests as they were: ");
    if (result.result() == Result.FAILED && !integrity.baselineRequired()) {
      findings.add(
          "test.original",
          Severity.REVIEW,
          RelativePath.ROOT,
          0,
          reason.after("gate " + gate.id() + " "));
      return proposed;
    }
    return result.as(result.result(), result.code().orElse(FailureCode.GATE_FAILED), reason);
  }

  private GateResult judge(Gate.Tests gate, String phase, ChangeSet content) {
    GateRun run = runner.run(gate, phase, Optional.of(content));
    Optional<TestModel> model = GateJudge.model(gate, before, run, integrity);
    while (model.isPresent() && model.get().wantsBefore() && moreBefore(gate)) {
      model = GateJudge.model(gate, before, run, integrity);
    }
    return GateJudge.judge(gate, before, run, integrity);
  }

  /**
   * Runs the baseline once more, as long as that may be told from a test that is red by chance;
   * false if it was not run or gave nothing.
   */
  private boolean moreBefore(Gate.Tests gate) {
    int runs = before.history().size();
    long millis = before.history().stream().mapToLong(TestsBefore.Run::millis).sum();
    if (runs >= MOST_RUNS || (runs >= TestModel.RUNS_FOR_RED && millis > QUICK.toMillis())) {
      return false;
    }
    before = kept.of(gate, runs + 1, run -> before(gate, run));
    return before.history().size() > runs;
  }
}
