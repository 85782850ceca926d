package dev.tars.cli;

import dev.tars.runner.model.Escape;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** A stream that escapes, line by line, what goes to a terminal. */
final class SafeText extends OutputStream {
  private static final int MAX_LINE = 1 << 16;

  private final PrintStream out;
  private final UnaryOperator<String> escape;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private SafeText(PrintStream out, UnaryOperator<String> escape) {
    this.out = out;
    this.escape = escape;
  }

  /** For a patch, in colours if there are any. */
  static OutputStream patch(PrintStream out, Paint paint) {
    PatchPaint lines = new PatchPaint(paint);
    return new SafeText(out, line -> lines.apply(Escape.line(line)));
  }

  /** For what a program printed; its own colours are dropped. */
  static OutputStream output(PrintStream out) {
    return new SafeText(out, Escape::output);
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
    out.print(escape.apply(line.toString(StandardCharsets.UTF_8)));
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
