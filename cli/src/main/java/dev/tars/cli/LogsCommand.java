package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.StepLog;
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

  private ObjectNode document(Contexts contexts) {
    String id = contexts.dir(context.orLast()).id().text();
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "tars.logs/v1");
    ArrayNode logs = document.put("contextId", id).putArray("logs");
    for (StepLog log : contexts.logs(id, Optional.ofNullable(step))) {
      logs.addObject().put("id", log.id()).put("text", log.text()).put("whole", log.whole());
    }
    return document;
  }

  @Override
  public Integer call() throws IOException {
    try (SandboxRunner runner = cli.anywhere()) {
      if (cli.global().json()) {
        cli.json(document(runner.contexts()));
        return 0;
      }
      try (OutputStream out = SafeText.output(cli.out())) {
        runner.contexts().logs(context.orLast(), Optional.ofNullable(step), out);
      }
      return 0;
    }
  }
}
