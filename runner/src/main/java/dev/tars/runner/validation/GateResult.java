package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.Told;
import dev.tars.runner.validation.control.Control;
import java.time.Duration;
import java.util.Optional;

/**
 * One gate of the policy.
 *
 * @param code why it is not {@code PASSED}, for the exit status; empty if it passed, proves
 *     nothing, or was skipped
 * @param reason why it is not {@code PASSED}, or what is to be said of a pass: a sentence, or the
 *     empty string
 * @param tail last output, escaped
 * @param brief the reason for who may be told no more of a policy than ids of rules
 * @param details what the box says of why it is red; decides nothing
 * @param control what its control run says of whether it can say no
 */
public record GateResult(
    @PublicApi String id,
    @PublicApi Result result,
    @PublicApi Optional<FailureCode> code,
    @PublicApi Duration elapsed,
    Optional<TestDelta> tests,
    @PublicApi String reason,
    @PublicApi String tail,
    String brief,
    GateDetails details,
    Control control) {

  /** One whose reason tells nothing of a policy. */
  public GateResult(
      String id,
      Result result,
      Optional<FailureCode> code,
      Duration elapsed,
      Optional<TestDelta> tests,
      String reason,
      String tail) {
    this(id, result, code, elapsed, tests, reason, tail, reason, GateDetails.NONE, Control.NONE);
  }

  /** How a gate ended. */
  @PublicApi
  public enum Result {
    PASSED,
    FAILED,
    FLAKY,
    /** Red tests that are red by chance, so that nothing can be said of them. */
    UNSTABLE,
    /** It ran, says nothing against the change, and proves nothing. */
    UNVERIFIED,
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
  GateResult as(Result other, FailureCode otherCode, Told otherReason) {
    return new GateResult(id, other, Optional.of(otherCode), elapsed, tests, "", tail)
        .because(otherReason)
        .with(details)
        .with(control);
  }

  /** The same for another reason. */
  GateResult because(Told other) {
    return new GateResult(
        id, result, code, elapsed, tests, other.full(), tail, other.brief(), details, control);
  }

  /** The same, explained. */
  GateResult with(GateDetails other) {
    return new GateResult(id, result, code, elapsed, tests, reason, tail, brief, other, control);
  }

  /** The same, controlled. */
  GateResult with(Control other) {
    return new GateResult(id, result, code, elapsed, tests, reason, tail, brief, details, other);
  }

  /** The reason and what its control run says. */
  public String said() {
    String controlled = control.sentence();
    return reason.isEmpty() || controlled.isEmpty()
        ? reason + controlled
        : reason + "; " + controlled;
  }

  public Told told() {
    return new Told(reason, brief);
  }

  /** True if it says nothing against the change, though it may prove nothing. */
  boolean mayGoOn() {
    return result == Result.PASSED || result == Result.UNVERIFIED;
  }

  public boolean passed() {
    return result == Result.PASSED;
  }
}
