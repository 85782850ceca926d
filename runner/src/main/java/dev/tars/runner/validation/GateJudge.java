package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.tests.Reports;
import java.util.Optional;

/** What the host saw of a gate to its result. Pure; text that was printed is never looked at. */
final class GateJudge {
  private GateJudge() {}

  /** A gate without reports: the exit code within the limits, and nothing else. */
  static GateResult judge(Gate.Command gate, GateRun run) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Ended ended when ended.exitCode() == 0 ->
          result(gate.id(), run, Result.PASSED, Optional.empty(), Optional.empty(), "");
      case Ending.Ended ended ->
          failed(gate.id(), run, FailureCode.GATE_FAILED, Optional.empty(), exit(ended));
      case Ending.Red red -> failed(gate.id(), run, red.code(), Optional.empty(), red.reason());
      case Ending.Unjudged unjudged -> unjudged(gate.id(), run, unjudged);
    };
  }

  /** A gate with reports: exit code and reports must agree, and nothing may have become worse. */
  static GateResult judge(
      Gate.Tests gate, TestsBefore before, GateRun run, TestIntegrity integrity) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Red red -> failed(gate.id(), run, red.code(), delta(before, run), red.reason());
      case Ending.Unjudged unjudged -> unjudged(gate.id(), run, unjudged);
      case Ending.Ended ended ->
          switch (run.reports()) {
            case Reports.Unreadable unreadable ->
                failed(
                    gate.id(), run, FailureCode.GATE_FAILED, Optional.empty(), unreadable.reason());
            case Reports.Read read ->
                judge(
                    gate,
                    run,
                    new TestModel(
                        gate,
                        integrity,
                        before,
                        new TestModel.After(ended.exitCode(), read.tests(), read.extent())));
          };
    };
  }

  /** A gate whose command ended by itself and whose reports were read. */
  static GateResult judge(Gate.Tests gate, GateRun run, TestModel model) {
    Optional<TestDelta> delta = Optional.of(model.delta());
    Optional<FailureCode> no = Optional.of(FailureCode.GATE_FAILED);
    return switch (model.outcome()) {
      case TestOutcome.Sound sound ->
          result(gate.id(), run, Result.PASSED, Optional.empty(), delta, sound.note());
      case TestOutcome.Unsound unsound ->
          result(gate.id(), run, Result.FAILED, no, delta, "").because(unsound.why());
      case TestOutcome.Flaky flaky -> result(gate.id(), run, Result.FLAKY, no, delta, flaky.why());
      case TestOutcome.Unstable unstable ->
          result(gate.id(), run, Result.UNSTABLE, no, delta, unstable.why());
      case TestOutcome.Unproven unproven ->
          result(gate.id(), run, Result.UNVERIFIED, Optional.empty(), delta, unproven.why());
    };
  }

  /** The model of a run, empty if it did not end by itself or its reports cannot be read. */
  static Optional<TestModel> model(
      Gate.Tests gate, TestsBefore before, GateRun run, TestIntegrity integrity) {
    return Ending.of(gate.argv(), run) instanceof Ending.Ended ended
            && run.reports() instanceof Reports.Read read
        ? Optional.of(
            new TestModel(
                gate,
                integrity,
                before,
                new TestModel.After(ended.exitCode(), read.tests(), read.extent())))
        : Optional.empty();
  }

  private static String exit(Ending.Ended ended) {
    return "exit code " + ended.exitCode();
  }

  private static Optional<TestDelta> delta(TestsBefore before, GateRun run) {
    return run.reports() instanceof Reports.Read read
        ? Optional.of(TestComparison.compare(before, read.tests()))
        : Optional.empty();
  }

  private static GateResult failed(
      String id, GateRun run, FailureCode code, Optional<TestDelta> tests, String reason) {
    return result(id, run, Result.FAILED, Optional.of(code), tests, reason);
  }

  private static GateResult unjudged(String id, GateRun run, Ending.Unjudged unjudged) {
    return result(
        id, run, Result.UNKNOWN, Optional.of(unjudged.code()), Optional.empty(), unjudged.reason());
  }

  private static GateResult result(
      String id,
      GateRun run,
      Result result,
      Optional<FailureCode> code,
      Optional<TestDelta> tests,
      String reason) {
    var observed = run.outcome().observed();
    return new GateResult(id, result, code, observed.elapsed(), tests, reason, observed.tail())
        .with(GateDetails.of(run, tests, result == Result.PASSED));
  }
}
