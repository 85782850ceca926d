package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.DiskException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Every error that a user can meet, always in one shape, the last line an action. */
final class Failures implements IExecutionExceptionHandler {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    RunnerException known =
        switch (e) {
          case RunnerException r -> r;
          case DiskException d -> disk(d);
          default -> internal(e);
        };
    return report(known, json(command), paint(command));
  }

  private static boolean json(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof Tarscli top
        && top.global().format() != GlobalOptions.Format.TEXT;
  }

  private Paint paint(CommandLine command) {
    return command.getCommandSpec().root().userObject() instanceof Tarscli top
        ? top.global().paint(console.errIsTerminal())
        : new Paint(false);
  }

  /** Input can be larger or deeper than this process has memory for; that is no fault of it. */
  int exhausted(VirtualMachineError e, CommandLine command) {
    boolean heap = e instanceof OutOfMemoryError;
    return report(
        RunnerException.of(
                FailureCode.RESOURCE_LIMIT,
                heap
                    ? "there is not enough memory for what was asked"
                    : "something that was asked is nested too deeply")
            .note("the command was not finished")
            .cause(e)
            .help(
                heap
                    ? "give tarscli more, for example TARS_JAVA_OPTS=-Xmx2g, or ask for less at once"
                    : "make the input flatter"),
        json(command),
        paint(command));
  }

  /** Prints the error and returns its exit status. */
  int report(RunnerException e, boolean json, Paint paint) {
    if (json) {
      console.out().println(document(e));
    }
    console.flush();
    console.err().println(text(e, paint));
    return e.code().exitCode();
  }

  /** The error for people. */
  static String text(RunnerException e, Paint paint) {
    StringBuilder text = new StringBuilder();
    text.append(paint.bad("error[" + e.code().id() + "]")).append(": ");
    text.append(paint.strong(String.valueOf(e.getMessage()))).append('\n');
    if (!e.where().isEmpty()) {
      text.append("  --> ").append(paint.place(e.where())).append('\n');
    }
    e.notes().forEach(note -> text.append("   = ").append(note).append('\n'));
    text.append("   = ").append(paint.strong("help")).append(": ").append(e.help());
    return text.toString();
  }

  static ObjectNode document(RunnerException e) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("schema", "tars.error/v1").put("code", e.code().id());
    error.put("exitCode", e.code().exitCode()).put("what", e.getMessage()).put("where", e.where());
    error.putPOJO("notes", e.notes());
    error.put("help", e.help());
    return error;
  }

  /** The message names the call and the place. */
  private static RunnerException disk(DiskException e) {
    boolean full = e.code() == FailureCode.DISK_FULL;
    return RunnerException.of(e.code(), Escape.line(String.valueOf(e.getMessage())))
        .cause(e)
        .help(full ? "make room there" : "put right what stands there, or repair the disk");
  }

  private static RunnerException internal(Exception e) {
    RunnerException.Builder error =
        RunnerException.of(
                FailureCode.INTERNAL, "tarscli failed: " + Escape.line(String.valueOf(e)))
            .cause(e);
    return error.help(
        writeReport(e)
            .map(file -> "please report it with the file " + file)
            .orElse("please report it; the stack trace could not be written to a file"));
  }

  private static java.util.Optional<Path> writeReport(Exception e) {
    try {
      Path file = Files.createTempFile("tarscli-fault-", ".txt");
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        out.println("tarscli fault, java " + Runtime.version());
        e.printStackTrace(out);
      }
      return java.util.Optional.of(file);
    } catch (IOException cannot) {
      return java.util.Optional.empty();
    }
  }
}
