package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute logs}. */
@Command(
    name = "logs",
    description = "What the steps and gates printed, escaped.",
    footer = {"", "Example: tarscli execute logs CTX-7 --step unit-after"})
final class LogsCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(names = "--step", paramLabel = "ID", description = "Only this step or gate.")
  private @Nullable String step;

  LogsCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws IOException {
    try (SandboxRunner runner = cli.anywhere();
        OutputStream out = SafeText.output(cli.out())) {
      runner.contexts().logs(context.orLast(), Optional.ofNullable(step), out);
      return 0;
    }
  }
}
