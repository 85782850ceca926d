package dev.tars.cli;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The two streams a command may write to: results and everything else. */
final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean outTerminal;
  private final boolean errTerminal;

  /** Streams that are no terminals. */
  Console(OutputStream out, OutputStream err) {
    this(out, err, false, false);
  }

  private Console(OutputStream out, OutputStream err, boolean outTerminal, boolean errTerminal) {
    this.outTerminal = outTerminal;
    this.errTerminal = errTerminal;
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

  /** The streams of this process. */
  static Console ofProcess() {
    return new Console(System.out, System.err, isTerminal(1), isTerminal(2));
  }

  /** True if results go to a terminal, which interprets what it is sent. */
  boolean outIsTerminal() {
    return outTerminal;
  }

  /** True if progress and errors go to a terminal. */
  boolean errIsTerminal() {
    return errTerminal;
  }

  /**
   * Asked of the kernel: the JDK's answer is also about standard input. Where nobody knows, it may
   * be one.
   */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException e) {
      return true;
    }
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
