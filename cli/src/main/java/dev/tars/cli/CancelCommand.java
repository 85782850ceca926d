package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.SandboxRunner;
import java.util.List;
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
      String id = context.orRunning(runner.contexts());
      String said = runner.contexts().cancel(id);
      cli.result(
          List.of(said),
          JsonNodeFactory.instance
              .objectNode()
              .put("schema", "tars.cancel/v1")
              .put("contextId", runner.contexts().dir(id).id().text())
              .put("summary", said));
      return 0;
    }
  }
}
