package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import java.time.Duration;
import java.util.Optional;

/**
 * One gate of the policy.
 *
 * @param code why it is not {@code PASSED}, for the exit status; empty if it passed or was skipped
 * @param reason why it is not {@code PASSED}, one sentence, or the empty string
 * @param tail last output, escaped
 */
public record GateResult(
    String id,
    Result result,
    Optional<FailureCode> code,
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

  /** A gate that never ran. */
  public static GateResult skipped(String id, String reason) {
    return new GateResult(
        id, Result.SKIPPED, Optional.empty(), Duration.ZERO, Optional.empty(), reason, "");
  }

  /** A gate that could not be judged, for a reason that is not the change's. */
  public static GateResult unknown(String id, FailureCode code, String reason) {
    return new GateResult(
        id, Result.UNKNOWN, Optional.of(code), Duration.ZERO, Optional.empty(), reason, "");
  }

  /** The same run with another result. */
  GateResult as(Result other, FailureCode otherCode, String otherReason) {
    return new GateResult(id, other, Optional.of(otherCode), elapsed, tests, otherReason, tail);
  }

  public boolean passed() {
    return result == Result.PASSED;
  }
}
