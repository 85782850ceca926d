package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy show}. */
@Command(name = "show", description = "What the layers come to.")
final class PolicyShowCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(names = "--policy", paramLabel = "FILE", description = "A file or builtin:NAME.")
  private @Nullable String file;

  @Option(
      names = "--effective",
      description = "Every value and where it is enforced, and every rule.")
  private boolean effective;

  PolicyShowCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      EffectivePolicy policy = runner.policy(Optional.ofNullable(file));
      PolicyView view = new PolicyView(policy);
      if (effective) {
        cli.result(view.effectiveLines(), view.effectiveJson());
      } else {
        cli.result(view.lines(), policy.canonical());
      }
      return 0;
    }
  }
}
