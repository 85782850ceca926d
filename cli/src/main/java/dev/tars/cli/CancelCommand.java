package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code execute cancel}. */
@Command(
    name = "cancel",
    description = "Stop a running context; its containers are removed.",
    footer = {"", "Example: tarscli execute cancel CTX-7"})
final class CancelCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  CancelCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      cli.out().println(runner.contexts().cancel(context.orRunning(runner.contexts())));
      return 0;
    }
  }
}
