package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute export}. */
@Command(
    name = "export",
    description = {
      "Write the evidence of a context as one signed file, for another machine.",
      "There `execute import` takes it, if a policy names the key of this machine."
    })
final class ExportCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "The bundle; a file that is there is replaced.")
  private Path output = Path.of("");

  ExportCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      String key = runner.exportBundle(contextId, output);
      cli.result(
          List.of("wrote " + Escape.line(output.toString()) + ", signed by " + key),
          JsonNodeFactory.instance
              .objectNode()
              .put("schema", "tars.export/v1")
              .put("file", output.toAbsolutePath().normalize().toString())
              .put("keyid", key));
      return 0;
    }
  }
}
