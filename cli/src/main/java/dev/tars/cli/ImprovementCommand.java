package dev.tars.cli;

import dev.tars.runner.RunRequest;
import dev.tars.runner.RunResult;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute improvement}: the main job. */
@Command(
    name = "improvement",
    description = {
      "Run an improvement in the sandbox, judge the change, and promote it if the policy lets it.",
      "The workspace is changed only by a promotion."
    },
    footer = {"", "Example: tarscli execute improvement --id fix-7 --dry-run"})
final class ImprovementCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(names = "--id", required = true, paramLabel = "ID", description = "The improvement's id.")
  private String id = "";

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = "The improvement file (default: .tars/improvements/ID.yaml).")
  private @Nullable Path plan;

  @Option(
      names = "--policy",
      paramLabel = "FILE",
      description = "A policy file or builtin:NAME (default: $TARS_POLICY, else the user's).")
  private @Nullable String policy;

  @Option(
      names = "--dry-run",
      arity = "0..1",
      fallbackValue = "true",
      negatable = true,
      description = "Everything but a promotion.")
  private boolean dryRun;

  @Option(
      names = "--backup",
      arity = "0..1",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Keep what promotion replaces, for rollback (default).")
  private boolean backup;

  @Option(
      names = "--validate",
      arity = "0..1",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Run the policy's gates (default).")
  private boolean validate;

  @Option(
      names = "--auto-rollback",
      arity = "0..1",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Undo a promotion whose after-check fails (default).")
  private boolean autoRollback;

  @Option(
      names = "--structural",
      hidden = true,
      description = "Lift the rules for names and links, never those for .git.")
  private boolean structural;

  @Option(names = "--keep", description = "Keep the layer of a failed run for inspection.")
  private boolean keep;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      description = "Also write report, patch and logs there.")
  private @Nullable Path outputDir;

  @Option(names = "--detach", description = "Run in the background; prints the context's id.")
  private boolean detach;

  @Option(
      names = "--announce",
      hidden = true,
      description = "Print the context as soon as it exists.")
  private boolean announce;

  @Option(
      names = "--lock-wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long promotion waits for another one (default: 10).")
  private int lockWait;

  ImprovementCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    if (detach) {
      return Detached.start(cli, id);
    }
    Cancellation cancellation = new Cancellation();
    try (SandboxRunner runner = cli.open();
        Interrupts _ = Interrupts.to(cancellation)) {
      Optional<Consumer<String>> export =
          Optional.ofNullable(outputDir).map(dir -> runner.exportTo(dir, dryRun));
      RunResult outcome = runner.execute(request(), new ProgressLines(cli, announce), cancellation);
      export.ifPresent(e -> e.accept(outcome.context().id().text()));
      return new ContextView(cli).show(outcome);
    }
  }

  private RunRequest request() {
    return new RunRequest(
        id,
        Optional.ofNullable(plan),
        new RunOptions(
            Optional.ofNullable(policy),
            dryRun,
            backup,
            validate,
            autoRollback,
            structural,
            keep,
            Duration.ofSeconds(lockWait)));
  }
}
