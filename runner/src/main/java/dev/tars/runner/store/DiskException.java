package dev.tars.runner.store;

/** A system call failed. The message names the call and the place; {@link #errno()} says why. */
public final class DiskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  public DiskException(Errno errno, String call, String where) {
    super(call + " " + where + ": " + errno.sentence());
    this.errno = errno;
  }

  public Errno errno() {
    return errno;
  }
}
