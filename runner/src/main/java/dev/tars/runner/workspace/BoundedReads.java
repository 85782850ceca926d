package dev.tars.runner.workspace;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.SparseWriter;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;

/** Reading files with bounds. */
final class BoundedReads {
  private static final int BUFFER = 1 << 17;

  private BoundedReads() {}

  /** All that is left of a file. */
  static byte[] readAll(Disk disk, Disk.DiskFile file, long maxBytes) {
    if (disk.stat(file).size() > maxBytes) {
      throw tooLarge(file, maxBytes);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[BUFFER];
    for (int n = disk.read(file, buffer, 0, BUFFER);
        n > 0;
        n = disk.read(file, buffer, 0, BUFFER)) {
      out.write(buffer, 0, n);
      if (out.size() > maxBytes) {
        throw tooLarge(file, maxBytes);
      }
    }
    return out.toByteArray();
  }

  /** The digest of all that is left of a file, with a buffer of constant size. */
  static Digest hash(Disk disk, Disk.DiskFile file, byte[] buffer) {
    MessageDigest md = Digest.sha256();
    for (int n = disk.read(file, buffer, 0, buffer.length);
        n > 0;
        n = disk.read(file, buffer, 0, buffer.length)) {
      md.update(buffer, 0, n);
    }
    return Digest.finish(md);
  }

  /** Copies and hashes what is copied; holes stay holes. */
  static Digest copy(Disk disk, Disk.DiskFile from, Disk.DiskFile to, byte[] buffer) {
    MessageDigest md = Digest.sha256();
    SparseWriter out = new SparseWriter(disk, to, disk.stat(from));
    for (int n = disk.read(from, buffer, 0, buffer.length);
        n > 0;
        n = disk.read(from, buffer, 0, buffer.length)) {
      md.update(buffer, 0, n);
      out.write(buffer, n);
    }
    out.finish();
    return Digest.finish(md);
  }

  static byte[] buffer() {
    return new byte[BUFFER];
  }

  private static RunnerException tooLarge(Disk.DiskFile file, long maxBytes) {
    return new RunnerException(
        FailureCode.RESOURCE_LIMIT,
        file.where() + " is larger than " + maxBytes + " bytes",
        "keep the file out of the improvement");
  }
}
