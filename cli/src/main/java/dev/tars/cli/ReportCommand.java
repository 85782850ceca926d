package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute report}. */
@Command(name = "report", description = "The evidence of a context in one document.")
final class ReportCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @Option(
      names = "--type",
      defaultValue = "markdown",
      paramLabel = "TYPE",
      description = "html, markdown, json, junit or sarif (default: markdown).")
  private Kind type = Kind.MARKDOWN;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Write to a file (default: standard output).")
  private @Nullable Path output;

  enum Kind {
    HTML,
    MARKDOWN,
    JSON,
    JUNIT,
    SARIF
  }

  ReportCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      String text =
          runner.contexts().report(contextId, type.name().toLowerCase(java.util.Locale.ROOT));
      if (output == null) {
        cli.out().print(text);
        return 0;
      }
      Files.writeString(output, text);
      cli.note("wrote " + Escape.line(output.toString()));
      return 0;
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.IO_FAILED, "cannot write the report: " + Escape.line(e.toString()))
          .cause(e)
          .help("name a file in a directory that exists and that you may write");
    }
  }
}
