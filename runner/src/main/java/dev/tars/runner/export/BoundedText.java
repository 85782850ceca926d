package dev.tars.runner.export;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes any number of bytes, keeps whole lines up to a bound, and counts the lines that it drops.
 */
final class BoundedText extends OutputStream {
  private final int most;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long hidden;
  private boolean full;

  /**
   * @param most bytes that are kept
   */
  BoundedText(int most) {
    this.most = most;
  }

  @Override
  public void write(int b) {
    if (!full) {
      line.write(b);
      full = kept.size() + line.size() > most;
      if (!full && b == '\n') {
        kept.writeBytes(line.toByteArray());
        line.reset();
      }
    }
    hidden += full && b == '\n' ? 1 : 0;
  }

  int size() {
    return kept.size();
  }

  /** Lines that do not stand in {@link #text()}. */
  long hiddenLines() {
    return hidden;
  }

  /** What was kept; bytes that are no UTF-8 are replaced. */
  String text() {
    String end = full ? "" : line.toString(StandardCharsets.UTF_8);
    return kept.toString(StandardCharsets.UTF_8) + end;
  }
}
