package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Escape;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute diff}. */
@Command(
    name = "diff",
    description = {
      "The change set as a patch that `git apply` takes.",
      "On a terminal it is escaped for reading; redirected, it is exact."
    })
final class DiffCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @Option(names = "--stat", description = "Only the paths.")
  private boolean stat;

  DiffCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws java.io.IOException {
    try (SandboxRunner runner = cli.anywhere()) {
      if (!stat) {
        try (java.io.OutputStream out =
            Console.outIsTerminal() ? SafeText.to(cli.out()) : cli.out()) {
          runner.contexts().diff(contextId, out);
        }
        return 0;
      }
      ChangeSet changes = runner.contexts().changes(contextId);
      if (cli.global().json()) {
        cli.json(ChangeSets.toJson(changes));
        return 0;
      }
      for (Change change : changes.changes()) {
        String operation = State.word(change.operation());
        cli.out().printf("%-6s %s%n", operation, Escape.line(change.path().toString()));
      }
      return 0;
    }
  }
}
