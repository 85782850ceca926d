package dev.tars.runner.expression;

/** A condition has no value: it must count as what is stricter. */
public final class ConditionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConditionException(String message, Throwable cause) {
    super(message, cause);
  }

  ConditionException(String message) {
    super(message);
  }
}
