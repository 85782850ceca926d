package dev.tars.runner.store;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.InputStream;
import java.security.MessageDigest;

/** Reads an object and, at its end, holds it against its name. */
final class VerifiedStream extends InputStream {
  private final Disk disk;
  private final Disk.DiskFile file;
  private final Digest expected;
  private final MessageDigest md = Digest.sha256();
  private boolean ended;

  VerifiedStream(Disk disk, Disk.DiskFile file, Digest expected) {
    this.disk = disk;
    this.file = file;
    this.expected = expected;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    int n = disk.read(file, into, offset, length);
    if (n < 0) {
      ended = true;
      if (!Digest.finish(md).equals(expected)) {
        throw new RunnerException(
            FailureCode.INTEGRITY,
            "object " + expected.brief() + " does not hold what its name says",
            "restore the state directory from a backup, then run `tarscli audit verify`");
      }
      return -1;
    }
    md.update(into, offset, n);
    return n;
  }

  @Override
  public void close() {
    file.close();
  }
}
