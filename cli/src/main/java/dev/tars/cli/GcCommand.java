package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.retention.Collected;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--pin",
      paramLabel = "TX",
      description = "Keep this transaction rollbackable, also over the cap; collects nothing.")
  private @Nullable String pin;

  @Option(names = "--unpin", paramLabel = "TX", description = "No longer; collects nothing.")
  private @Nullable String unpin;

  GcCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      if (pin != null || unpin != null) {
        Optional.ofNullable(pin).ifPresent(tx -> runner.pin(tx, true));
        Optional.ofNullable(unpin).ifPresent(tx -> runner.pin(tx, false));
        cli.note(pin != null ? pin + " is pinned" : unpin + " is not pinned");
        return 0;
      }
      Collected collected = runner.collectGarbage(dryRun);
      if (cli.global().json()) {
        cli.json(ResultJson.of(collected));
      } else {
        collected.removed().forEach(cli.out()::println);
        collected.kept().forEach(kept -> cli.out().println("note: " + kept));
        cli.note(collected.summary());
      }
      return 0;
    }
  }
}
