package dev.tars.runner.store;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process holds: longer and longer pauses between the tries, and an end. */
public final class LockWait {
  private static final long LONGEST_PAUSE_MILLIS = 20;

  private LockWait() {}

  /**
   * Tries until {@code taken} gives true.
   *
   * @return false if it did not within {@code wait}
   * @throws RunnerException INTERRUPTED; the thread's interrupt flag stays set
   */
  public static boolean until(BooleanSupplier taken, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    for (long pause = 1; !taken.getAsBoolean(); pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RunnerException(
            FailureCode.INTERRUPTED, "interrupted while waiting for the lock", "start it again");
      }
    }
    return true;
  }
}
