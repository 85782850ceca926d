package dev.tars.runner.audit;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import java.util.Arrays;
import java.util.Optional;

/** Reads the lines of a file from its end, so that the newest cost the same however long it is. */
final class BackwardLines {
  private static final int CHUNK = 1 << 16;
  private static final int MAX_LINE = 32 << 20;

  private final Disk disk;
  private final Disk.DiskFile file;
  private byte[] held = new byte[0];
  private long heldFrom;
  private final long end;

  /** What follows the last line end is a torn line, and left out. */
  BackwardLines(Disk disk, Disk.DiskFile file) {
    this.disk = disk;
    this.file = file;
    this.heldFrom = disk.stat(file).size();
    int newline = lastNewline(held.length);
    while (newline < 0 && heldFrom > 0) {
      more();
      newline = lastNewline(held.length);
    }
    held = Arrays.copyOf(held, newline + 1);
    this.end = heldFrom + held.length;
  }

  /** Where the last whole line ends, in bytes from the start of the file. */
  long end() {
    return end;
  }

  /** The line before the last one that was given, without its line end. */
  Optional<byte[]> next() {
    if (held.length == 0 && heldFrom == 0) {
      return Optional.empty();
    }
    int before = lastNewline(held.length - 1);
    while (before < 0 && heldFrom > 0) {
      more();
      before = lastNewline(held.length - 1);
    }
    byte[] line = Arrays.copyOfRange(held, before + 1, held.length - 1);
    held = Arrays.copyOf(held, before + 1);
    return Optional.of(line);
  }

  private int lastNewline(int before) {
    int at = Math.min(before, held.length) - 1;
    while (at >= 0 && held[at] != '\n') {
      at--;
    }
    return at;
  }

  /** No record is as long as this, and reading on would cost all memory. */
  static void requireLine(int bytes) {
    if (bytes >= MAX_LINE) {
      throw RunnerException.of(FailureCode.INTEGRITY, "the audit log is damaged")
          .note("a line of more than " + MAX_LINE + " bytes is no record")
          .help("restore the log from a backup");
    }
  }

  /** Reads as much again as it holds, so that a long line is not read over and over. */
  private void more() {
    requireLine(held.length);
    long start = Math.max(0, heldFrom - Math.max(CHUNK, held.length));
    byte[] wider = new byte[Math.toIntExact(heldFrom - start) + held.length];
    disk.seek(file, start);
    int at = 0;
    while (at < heldFrom - start) {
      int n = disk.read(file, wider, at, (int) (heldFrom - start) - at);
      if (n <= 0) {
        throw new IllegalStateException("the log became shorter while it was read");
      }
      at += n;
    }
    System.arraycopy(held, 0, wider, at, held.length);
    held = wider;
    heldFrom = start;
  }
}
