package dev.tars.cli;

import dev.tars.runner.model.Escape;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A stream that escapes, line by line, what goes to a terminal. */
final class SafeText extends OutputStream {
  private static final int MAX_LINE = 1 << 16;

  private final PrintStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private SafeText(PrintStream out) {
    this.out = out;
  }

  static OutputStream to(PrintStream out) {
    return new SafeText(out);
  }

  @Override
  public void write(int b) {
    if (b == '\n') {
      end(true);
    } else {
      line.write(b);
      if (line.size() >= MAX_LINE) {
        end(false);
      }
    }
  }

  private void end(boolean lineFeed) {
    out.print(Escape.line(line.toString(StandardCharsets.UTF_8)));
    if (lineFeed) {
      out.print('\n');
    }
    line.reset();
  }

  @Override
  public void flush() {
    if (line.size() > 0) {
      end(false);
    }
    out.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
