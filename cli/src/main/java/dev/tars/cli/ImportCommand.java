package dev.tars.cli;

import dev.tars.runner.RunResult;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code execute import}: goes on with a change that another machine judged. */
@Command(
    name = "import",
    description = {
      "Check a bundle of `execute export`, judge its change on this workspace by this machine's",
      "policy, and promote it if the policy lets it. The policy names whose bundles count:",
      "trust.keys. The steps do not run again; the gates do, unless trust.gates says otherwise."
    })
final class ImportCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(paramLabel = "FILE", description = "The bundle.")
  private Path bundle = Path.of("");

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
      names = "--lock-wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long promotion waits for another one (default: 10).")
  private int lockWait;

  ImportCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    Cancellation cancellation = new Cancellation();
    try (SandboxRunner runner = cli.open();
        Interrupts _ = Interrupts.to(cancellation)) {
      RunOptions options =
          new RunOptions(
              Optional.ofNullable(policy),
              dryRun,
              true,
              true,
              true,
              false,
              false,
              Duration.ofSeconds(lockWait));
      RunResult outcome =
          runner.importBundle(bundle, options, new ProgressLines(cli), cancellation);
      return new ContextView(cli).show(outcome);
    }
  }
}
