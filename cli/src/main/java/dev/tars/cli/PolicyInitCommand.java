package dev.tars.cli;

import dev.tars.runner.admin.NewPolicy;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy init}. */
@Command(name = "init", description = "Write a first policy, with a test, for this project.")
final class PolicyInitCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "The built-in policy to extend (default: by the project's build files).")
  private @Nullable String preset;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Where to write, outside the workspace (default: ~/.config/tars/policy.yaml).")
  private @Nullable Path output;

  PolicyInitCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    NewPolicy made =
        cli.policyTools().init(Optional.ofNullable(preset), Optional.ofNullable(output));
    cli.result(made.lines(), made.json());
    boolean standard = output == null;
    cli.note("next: tarscli policy test " + Escape.line(made.policy().toString()));
    cli.note(
        standard
            ? "runs use it from now on, unless they name another with --policy"
            : "then: tarscli execute improvement --policy "
                + Escape.line(made.policy().toString()));
    return 0;
  }
}
