package dev.tars.runner.store;

import java.util.Arrays;

/** Writes a copy of a file that leaves holes where the file has some. */
public final class SparseWriter {
  private static final byte[] ZEROS = new byte[1 << 12];

  private final Disk disk;
  private final Disk.DiskFile to;
  private final boolean sparse;
  private long position;
  private boolean hole;

  /** {@code source} says whether the file has holes: less is allocated than its length. */
  public SparseWriter(Disk disk, Disk.DiskFile to, FileStat source) {
    this.disk = disk;
    this.to = to;
    this.sparse = source.allocated() < source.size();
  }

  public void write(byte[] bytes, int length) {
    hole = sparse && isZero(bytes, length);
    position += length;
    if (hole) {
      disk.seek(to, position);
    } else {
      disk.write(to, bytes, 0, length);
    }
  }

  /** Gives the file its length if it ends in a hole. */
  public void finish() {
    if (hole) {
      disk.truncate(to, position);
    }
  }

  private static boolean isZero(byte[] bytes, int length) {
    for (int at = 0; at < length; at += ZEROS.length) {
      int part = Math.min(ZEROS.length, length - at);
      if (!Arrays.equals(bytes, at, at + part, ZEROS, 0, part)) {
        return false;
      }
    }
    return true;
  }
}
