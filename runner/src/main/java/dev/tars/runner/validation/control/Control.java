package dev.tars.runner.validation.control;

import java.time.Duration;

/**
 * What a control run says of a gate.
 *
 * @param red planted tests that were red as they must be
 * @param green planted tests that were green as they must be
 * @param reason what is to be said; empty if there is nothing
 * @param elapsed of all its runs
 */
public record Control(Result result, int red, int green, String reason, Duration elapsed) {
  /** No control run. */
  public static final Control NONE = new Control(Result.NONE, 0, 0, "", Duration.ZERO);

  /** Whether a gate can say no. */
  public enum Result {
    /** Nobody asked. */
    NONE,
    /** It can. */
    PROVEN,
    /** It cannot be shown. */
    UNCONTROLLED,
    /** It cannot, with this change. */
    FAILED
  }

  public static Control uncontrolled(String reason) {
    return new Control(Result.UNCONTROLLED, 0, 0, reason, Duration.ZERO);
  }

  public static Control failed(String reason) {
    return new Control(Result.FAILED, 0, 0, reason, Duration.ZERO);
  }

  /**
   * The result as a sentence for people; empty if there is nothing beside the gate's own reason.
   */
  public String sentence() {
    return switch (result) {
      case NONE, FAILED -> "";
      case PROVEN ->
          "it can say no: of the planted tests "
              + red
              + " were red and "
              + green
              + " green as they must be"
              + (reason.isEmpty() ? "" : "; " + reason);
      case UNCONTROLLED -> "not shown to say no: " + reason;
    };
  }

  public Control after(Duration other) {
    return new Control(result, red, green, reason, other);
  }
}
