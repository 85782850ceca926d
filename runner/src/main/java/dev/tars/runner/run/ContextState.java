package dev.tars.runner.run;

import java.util.Locale;

/** Where a context is on its way. {@code LOST} is never written: it is what a reader concludes. */
public enum ContextState {
  PLANNED,
  STAGING,
  RUNNING,
  VALIDATING,
  DRY_RUN_PASSED,
  AWAITING_APPROVAL,
  APPROVED,
  PROMOTING,
  PROMOTED,
  FAILED,
  DENIED,
  REJECTED,
  STALE,
  TIMED_OUT,
  CANCELLED,
  ROLLING_BACK,
  ROLLED_BACK,
  PARTLY_ROLLED_BACK,
  ROLLBACK_INCOMPLETE,
  LOST;

  /** The name in JSON and on the screen, for example {@code awaiting-approval}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static ContextState of(String id) {
    return valueOf(id.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** True while a process must be alive for the context to go on. */
  public boolean needsRunner() {
    return switch (this) {
      case PLANNED, STAGING, RUNNING, VALIDATING, APPROVED, PROMOTING, ROLLING_BACK -> true;
      default -> false;
    };
  }
}
