package dev.tars.runner.store;

import dev.tars.runner.model.FailureCode;

/** A system call failed. The message names the call and the place; {@link #errno()} says why. */
public final class DiskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;
  private final String call;

  public DiskException(Errno errno, String call, String where) {
    super(call + " " + where + ": " + errno.sentence());
    this.errno = errno;
    this.call = call;
  }

  /** True if a sync failed: nobody knows what of the writes before it is on the disk. */
  public boolean isSync() {
    return call.equals("fsync") || call.equals("fdatasync") || call.equals("syncfs");
  }

  public Errno errno() {
    return errno;
  }

  /** What a user is told that it is: DISK_FULL, else IO_FAILED. */
  public FailureCode code() {
    return switch (errno) {
      case ENOSPC, EDQUOT -> FailureCode.DISK_FULL;
      default -> FailureCode.IO_FAILED;
    };
  }
}
