package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute report}. */
@Command(
    name = "report",
    description = "The evidence of a context in one document.",
    footer = {"", "Example: tarscli execute report CTX-7 --type html --output report.html"})
final class ReportCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "html, markdown, json, junit or sarif (default: markdown, with --format json json).")
  private @Nullable Kind type;

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
    try (SandboxRunner runner = cli.anywhere()) {
      Kind kind = type != null ? type : cli.global().json() ? Kind.JSON : Kind.MARKDOWN;
      String wanted = kind.name().toLowerCase(Locale.ROOT);
      if (output == null) {
        cli.out().print(runner.report(context.orLast(), wanted));
        return 0;
      }
      runner.report(context.orLast(), wanted, output);
      cli.note("wrote " + Escape.line(output.toString()));
      return 0;
    }
  }
}
