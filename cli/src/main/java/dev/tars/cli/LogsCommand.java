package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute logs}. */
@Command(name = "logs", description = "What the steps and gates printed, escaped.")
final class LogsCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @Option(names = "--step", paramLabel = "ID", description = "Only this step or gate.")
  private @Nullable String step;

  LogsCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws IOException {
    try (SandboxRunner runner = cli.anywhere();
        OutputStream out = SafeText.to(cli.out())) {
      runner.contexts().logs(contextId, Optional.ofNullable(step), out);
      return 0;
    }
  }
}
