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
import java.util.Optional;

/** One test gate: before, after, again if the policy says so, and with the original tests. */
final class TestGate {
  private final GateRunner runner;
  private final BeforeResults kept;
  private final TestIntegrity integrity;
  private final Findings findings;

  TestGate(GateRunner runner, BeforeResults kept, TestIntegrity integrity, Findings findings) {
    this.runner = runner;
    this.kept = kept;
    this.integrity = integrity;
    this.findings = findings;
  }

  GateResult run(Gate.Tests gate, ChangeSet changeSet) {
    TestsBefore before = kept.of(gate, () -> before(gate));
    GateResult result = after(gate, changeSet, before);
    if (!result.passed()) {
      return result;
    }
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
    return original.isEmpty() ? result : original(gate, original.get(), before, result);
  }

  private TestsBefore before(Gate.Tests gate) {
    GateRun run = runner.run(gate, "before", Optional.empty());
    return switch (run.outcome()) {
      case SandboxOutcome.Cancelled cancelled ->
          throw new RunnerException(
              FailureCode.INTERRUPTED, "the run was cancelled", "start it again");
      case SandboxOutcome.Exited exited ->
          switch (run.reports()) {
            case Reports.Unreadable unreadable -> new TestsBefore.Unusable(unreadable.reason());
            case Reports.Read read when read.tests().tests().isEmpty() ->
                new TestsBefore.Unusable("exit code " + exited.code() + " and no test");
            case Reports.Read read -> new TestsBefore.Known(exited.code(), read.tests());
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

  private GateResult after(Gate.Tests gate, ChangeSet changeSet, TestsBefore before) {
    GateResult first = judge(gate, "after", changeSet, before);
    for (int again = 1; again <= gate.reruns() && isRed(first); again++) {
      GateResult next = judge(gate, "again-" + again, changeSet, before);
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
  private GateResult original(
      Gate.Tests gate, ChangeSet original, TestsBefore before, GateResult proposed) {
    GateResult result = judge(gate, "original-tests", original, before);
    if (result.passed()) {
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

  private GateResult judge(Gate.Tests gate, String phase, ChangeSet content, TestsBefore before) {
    return GateJudge.judge(gate, before, runner.run(gate, phase, Optional.of(content)), integrity);
  }
}
