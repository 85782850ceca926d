package dev.tars.runner.validation;

import java.time.Duration;
import java.util.Optional;

/**
 * One gate of the policy.
 *
 * @param reason why it is not {@code PASSED}, one sentence, or the empty string
 * @param tail last output, escaped
 */
public record GateResult(
    String id,
    Result result,
    Duration elapsed,
    Optional<TestDelta> tests,
    String reason,
    String tail) {

  /** How a gate ended. */
  public enum Result {
    PASSED,
    FAILED,
    FLAKY,
    SKIPPED,
    UNKNOWN
  }
}
