package dev.tars.cli;

import dev.tars.runner.RunOutcome;
import dev.tars.runner.SandboxRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarscli gc}. */
@Command(
    name = "gc",
    description = "Remove what dead runs left, and what retention no longer keeps.")
final class GcCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(names = "--dry-run", description = "Only say what would be removed.")
  private boolean dryRun;

  GcCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      RunOutcome outcome = runner.collectGarbage(dryRun);
      if (cli.global().json()) {
        cli.json(outcome.document());
      } else {
        outcome.document().path("removed").forEach(r -> cli.out().println(r.asText()));
        cli.note(outcome.document().path("summary").asText());
      }
      return outcome.exitCode();
    }
  }
}
