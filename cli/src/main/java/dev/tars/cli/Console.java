package dev.tars.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The two streams a command may write to: results and everything else. */
final class Console {
  private final PrintStream out;
  private final PrintStream err;

  Console(OutputStream out, OutputStream err) {
    this.out =
        new PrintStream(new BufferedOutputStream(out, 1 << 14), false, StandardCharsets.UTF_8);
    this.err = new PrintStream(new Unbuffered(err), true, StandardCharsets.UTF_8);
  }

  /** Results: what a script would read. */
  PrintStream out() {
    return out;
  }

  /** Progress, notes and errors. */
  PrintStream err() {
    return err;
  }

  void flush() {
    out.flush();
    err.flush();
  }

  /** A line of progress must be seen before the work it announces. */
  private static final class Unbuffered extends FilterOutputStream {
    Unbuffered(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      out.write(b, off, len);
      out.flush();
    }
  }
}
