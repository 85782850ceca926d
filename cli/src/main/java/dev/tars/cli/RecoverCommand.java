package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.RunOutcome;
import dev.tars.runner.SandboxRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code execute recover}: the same that every changing command does first. */
@Command(name = "recover", description = "Finish or undo what a crash interrupted.")
final class RecoverCommand implements Callable<Integer> {
  private final Cli cli;

  RecoverCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      RunOutcome outcome = runner.recover();
      ObjectNode document = outcome.document();
      if (cli.global().json()) {
        cli.json(document);
      } else {
        cli.out().println(document.path("summary").asText());
        document.path("paths").forEach(p -> cli.out().println("  " + p.asText()));
      }
      return outcome.exitCode();
    }
  }
}
