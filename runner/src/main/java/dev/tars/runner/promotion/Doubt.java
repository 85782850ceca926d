package dev.tars.runner.promotion;

import dev.tars.runner.store.DiskException;

/** Whether an error leaves it open what is on the disk. */
final class Doubt {
  private Doubt() {}

  /** True if a sync failed, here or under the log. */
  static boolean isRaisedBy(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      if (t instanceof DiskException d && d.isSync()) {
        return true;
      }
    }
    return false;
  }
}
