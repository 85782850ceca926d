package dev.tars.runner.run;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.plan.Step;
import java.time.Duration;
import java.util.Optional;

/**
 * How one step ended.
 *
 * @param failure empty unless it failed
 * @param reason one sentence, escaped; empty if it passed
 */
record StepResult(
    String id, Step.Result result, Optional<FailureCode> failure, String reason, Duration elapsed) {

  static StepResult passed(String id, Duration elapsed) {
    return new StepResult(id, Step.Result.PASSED, Optional.empty(), "", elapsed);
  }

  static StepResult skipped(String id, String reason) {
    return new StepResult(id, Step.Result.SKIPPED, Optional.empty(), reason, Duration.ZERO);
  }

  static StepResult failed(String id, FailureCode code, String reason, Duration elapsed) {
    return new StepResult(id, Step.Result.FAILED, Optional.of(code), reason, elapsed);
  }

  boolean isFailure() {
    return result == Step.Result.FAILED;
  }
}
