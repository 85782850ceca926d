package dev.tars.runner.run.steps;

import dev.tars.runner.context.Evidence;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Step;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one step ended.
 *
 * @param failure empty unless it failed
 * @param reason one sentence, escaped; empty if it passed
 * @param exitCode of its command; -1 if it had none or did not exit by itself
 * @param cause the failure in full, where there is more to say than the reason
 */
public record StepResult(
    String id,
    Step.Result result,
    Optional<FailureCode> failure,
    String reason,
    Duration elapsed,
    int exitCode,
    Optional<RunnerException> cause) {
  static final int NO_EXIT = -1;

  static StepResult passed(String id, Duration elapsed) {
    return new StepResult(
        id, Step.Result.PASSED, Optional.empty(), "", elapsed, NO_EXIT, Optional.empty());
  }

  static StepResult skipped(String id, String reason) {
    return new StepResult(
        id,
        Step.Result.SKIPPED,
        Optional.empty(),
        reason,
        Duration.ZERO,
        NO_EXIT,
        Optional.empty());
  }

  static StepResult failed(String id, FailureCode code, String reason, Duration elapsed) {
    return new StepResult(
        id, Step.Result.FAILED, Optional.of(code), reason, elapsed, NO_EXIT, Optional.empty());
  }

  static StepResult failed(String id, RunnerException cause, Duration elapsed) {
    return new StepResult(
        id,
        Step.Result.FAILED,
        Optional.of(cause.code()),
        String.valueOf(cause.getMessage()),
        elapsed,
        NO_EXIT,
        Optional.of(cause));
  }

  StepResult withExit(int code) {
    return new StepResult(id, result, failure, reason, elapsed, code, cause);
  }

  /** What the context keeps of it. */
  public Evidence.StepRecord kept() {
    return new Evidence.StepRecord(
        id,
        result,
        elapsed,
        exitCode == NO_EXIT ? OptionalInt.empty() : OptionalInt.of(exitCode),
        reason);
  }

  boolean isFailure() {
    return result == Step.Result.FAILED;
  }

  /** True if somebody asked the run to stop: then nothing is tried again or cleaned up. */
  boolean isInterrupted() {
    return failure.filter(FailureCode.INTERRUPTED::equals).isPresent();
  }
}
