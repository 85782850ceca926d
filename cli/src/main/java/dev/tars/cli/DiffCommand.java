package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute diff}. */
@Command(
    name = "diff",
    description = {
      "The change set as a patch that `git apply` takes.",
      "On a terminal it is escaped for reading; redirected, it is exact."
    },
    footer = {"", "Example: tarscli execute diff CTX-7 | git apply"})
final class DiffCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(names = "--stat", description = "Only the paths and how much of each changed.")
  private boolean stat;

  DiffCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws IOException {
    String contextId = context.orLast();
    try (SandboxRunner runner = cli.anywhere()) {
      if (!stat) {
        try (OutputStream out =
            cli.onTerminal() || cli.paint().on()
                ? SafeText.patch(cli.out(), cli.paint())
                : cli.out()) {
          runner.contexts().diff(contextId, out);
        }
        return 0;
      }
      ChangeSet changes = runner.contexts().changes(contextId);
      if (cli.global().json()) {
        cli.json(ChangeSets.toJson(changes));
        return 0;
      }
      new FileTable(runner.contexts().files(contextId), List.of())
          .lines(cli.paint())
          .forEach(cli.out()::println);
      return 0;
    }
  }
}
