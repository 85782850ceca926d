package dev.tars.runner.context;

/** How a context ended; a review or a rollback may take it up again. */
public sealed interface Ending extends State permits Ending.Done, Ending.Waiting, Ending.Failed {

  /** It came to what was asked for. The exit status is 0 unless something later went wrong. */
  enum Done implements Ending {
    DRY_RUN_PASSED,
    PROMOTED,
    ROLLED_BACK,
    PARTLY_ROLLED_BACK;

    @Override
    public String id() {
      return State.word(this);
    }
  }

  /** People must agree before it goes on. The exit status is never 0. */
  enum Waiting implements Ending {
    AWAITING_APPROVAL;

    @Override
    public String id() {
      return State.word(this);
    }
  }

  /**
   * It did not come to what was asked for. The exit status is never 0. {@code LOST} is never
   * written: a reader concludes it where a process must be alive and none is.
   */
  enum Failed implements Ending {
    FAILED,
    DENIED,
    REJECTED,
    STALE,
    TIMED_OUT,
    CANCELLED,
    ROLLBACK_INCOMPLETE,
    LOST;

    @Override
    public String id() {
      return State.word(this);
    }

    /** True if a failure is on record with it. */
    boolean hasFailure() {
      return this != ROLLBACK_INCOMPLETE && this != LOST;
    }
  }
}
