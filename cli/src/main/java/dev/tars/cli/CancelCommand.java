package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute cancel}. */
@Command(name = "cancel", description = "Stop a running context; its containers are removed.")
final class CancelCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  CancelCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      cli.out().println(runner.contexts().cancel(contextId));
      return 0;
    }
  }
}
