package dev.tars.cli;

import dev.tars.runner.RollbackCall;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.run.RollbackReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute rollback}. Without a selector it previews and exits with 2. */
@Command(
    name = "rollback",
    description = {
      "Undo what a context promoted. Without --all, --transaction-id or --file-path: a preview.",
      "A rollback is a transaction too, and can be rolled back."
    },
    footer = {"", "Example: tarscli execute rollback CTX-7 --all"})
final class RollbackCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(
      names = "--transaction-id",
      paramLabel = "TX",
      split = ",",
      description = {
        "Only this transaction. Several, also later ones of other contexts on the same paths:",
        "separate them by commas."
      })
  private List<String> transactionIds = new ArrayList<>();

  @Option(
      names = "--file-path",
      paramLabel = "PATH",
      description = "Only this path, or all below this directory, from the workspace's root.")
  private @Nullable String filePath;

  @Option(names = "--all", description = "Every transaction of the context.")
  private boolean all;

  @Option(
      names = "--force",
      description = "Also where files were edited since; the edits are kept.")
  private boolean force;

  @Option(
      names = "--lock-wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long to wait for another promotion (default: 10).")
  private int lockWait;

  RollbackCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      RollbackCall call =
          new RollbackCall(
              context.required(),
              transactionIds,
              Optional.ofNullable(filePath),
              all,
              force,
              Duration.ofSeconds(lockWait));
      RollbackReport report = runner.rollback(call);
      if (cli.global().json()) {
        cli.json(ResultJson.of(report));
      } else {
        RollbackView.show(cli, report);
      }
      return report.exitCode();
    }
  }
}
