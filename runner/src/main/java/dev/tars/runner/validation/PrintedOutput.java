package dev.tars.runner.validation;

import dev.tars.runner.sandbox.OutputSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/** Keeps the beginning and the end of what a command prints, each stream by itself. */
final class PrintedOutput implements OutputSink {
  static final int PART = 256 << 10;

  private final Map<Stream, Kept> streams = new EnumMap<>(Stream.class);

  @Override
  public synchronized void write(Stream stream, byte[] bytes, int offset, int length) {
    streams.computeIfAbsent(stream, s -> new Kept()).write(bytes, offset, length);
  }

  /** All that was kept; a line that was cut in the middle is two lines. */
  synchronized String text() {
    StringBuilder text = new StringBuilder();
    streams.values().forEach(kept -> text.append(kept.text()).append('\n'));
    return text.toString();
  }

  private static final class Kept {
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private byte[] ring = new byte[0];
    private long behind;

    void write(byte[] bytes, int offset, int length) {
      int first = Math.min(length, PART - head.size());
      head.write(bytes, offset, first);
      int rest = length - first;
      if (rest > 0) {
        ring = ring.length == 0 ? new byte[PART] : ring;
        for (int i = Math.max(0, rest - PART); i < rest; i++) {
          ring[(int) ((behind + i) % PART)] = bytes[offset + first + i];
        }
        behind += rest;
      }
    }

    String text() {
      String text = head.toString(StandardCharsets.UTF_8);
      int count = (int) Math.min(behind, PART);
      byte[] last = new byte[count];
      for (int i = 0; i < count; i++) {
        last[i] = ring[(int) ((behind - count + i) % PART)];
      }
      String cut = behind > PART ? "\n" : "";
      return text + cut + new String(last, StandardCharsets.UTF_8);
    }
  }
}
