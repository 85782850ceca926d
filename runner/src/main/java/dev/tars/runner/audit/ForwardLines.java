package dev.tars.runner.audit;

import dev.tars.runner.store.Disk;
import java.util.Arrays;
import java.util.Optional;

/** Reads the lines of a file from its start, one buffer at a time. */
final class ForwardLines {
  private static final int CHUNK = 1 << 17;

  /** Where the bytes come from; less than one means that there are no more. */
  @FunctionalInterface
  interface Source {
    int read(byte[] into, int offset, int length);
  }

  private final Source source;
  private byte[] held = new byte[CHUNK];
  private int start;
  private int scanned;
  private int end;
  private boolean ended;

  ForwardLines(Disk disk, Disk.DiskFile file) {
    this((into, offset, length) -> disk.read(file, into, offset, length));
  }

  ForwardLines(Source source) {
    this.source = source;
  }

  /** The next line without its end; empty after the last whole one. */
  Optional<byte[]> next() {
    while (true) {
      for (; scanned < end; scanned++) {
        if (held[scanned] == '\n') {
          byte[] line = Arrays.copyOfRange(held, start, scanned);
          start = ++scanned;
          return Optional.of(line);
        }
      }
      if (ended || !more()) {
        return Optional.empty();
      }
    }
  }

  /** True if bytes follow the last line end. */
  boolean isTorn() {
    return start < end;
  }

  private boolean more() {
    if (start > 0) {
      System.arraycopy(held, start, held, 0, end - start);
      end -= start;
      scanned -= start;
      start = 0;
    }
    if (end == held.length) {
      BackwardLines.requireLine(held.length);
      held = Arrays.copyOf(held, held.length * 2);
    }
    int n = source.read(held, end, held.length - end);
    ended = n <= 0;
    end += Math.max(n, 0);
    return !ended;
  }
}
