package dev.tars.cli;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Shows text of more than one screen through the pager of the user: {@code $TARS_PAGER}, else
 * {@code $PAGER}, else {@code less}. The text is escaped before it gets here.
 */
final class Pager {
  private Pager() {}

  /**
   * Gives the writer a stream that goes to the pager; to standard output where that is no terminal
   * or there is no pager. Returns when the user has left the pager.
   */
  static void show(Cli cli, boolean wanted, Consumer<PrintStream> writer) {
    String command = command(cli);
    if (!wanted || !cli.onTerminal() || command.isEmpty()) {
      writer.accept(cli.out());
      cli.flush();
      return;
    }
    cli.flush();
    Process pager = start(command);
    // What the user does not look at any more is not written: the stream just takes no more.
    try (PrintStream out =
        new PrintStream(quiet(pager.getOutputStream()), false, StandardCharsets.UTF_8)) {
      writer.accept(out);
    }
    await(pager);
  }

  private static String command(Cli cli) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return "";
    }
    return cli.env("TARS_PAGER")
        .or(() -> cli.env("PAGER"))
        .map(c -> c.strip().equals("cat") ? "" : c.strip())
        .orElse("command -v less >/dev/null 2>&1 && exec less; exec cat");
  }

  private static Process start(String command) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", command)
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.putIfAbsent("LESS", "FRX"); // short text stays, colours are drawn
    try {
      return builder.start();
    } catch (IOException e) {
      throw RunnerException.of(FailureCode.IO_FAILED, "the pager could not be started")
          .at(Escape.line(command))
          .cause(e)
          .help("set PAGER to a program that is there, or add --no-pager");
    }
  }

  private static OutputStream quiet(OutputStream to) {
    return new OutputStream() {
      private boolean gone;

      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int off, int len) {
        if (gone) {
          return;
        }
        try {
          to.write(bytes, off, len);
        } catch (IOException e) {
          gone = true;
        }
      }

      @Override
      public void close() {
        try {
          to.close();
        } catch (IOException e) {
          gone = true;
        }
      }
    };
  }

  private static void await(Process pager) {
    try {
      pager.waitFor();
    } catch (InterruptedException e) {
      pager.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
