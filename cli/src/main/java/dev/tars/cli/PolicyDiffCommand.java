package dev.tars.cli;

import dev.tars.runner.admin.PolicyDiff;
import dev.tars.runner.model.FailureCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code policy diff}. */
@Command(
    name = "diff",
    description = "What a new policy allows that an old one does not, and the other way round.",
    footer = "Exit status: 0 nothing is wider, 21 something is.")
final class PolicyDiffCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(index = "0", paramLabel = "OLD", description = "A file or builtin:NAME.")
  private String before = "";

  @Parameters(index = "1", paramLabel = "NEW", description = "A file or builtin:NAME.")
  private String after = "";

  PolicyDiffCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    PolicyDiff diff = cli.policyTools().diff(before, after);
    cli.result(diff.lines(), diff.json());
    return diff.widens() ? FailureCode.CHANGES.exitCode() : 0;
  }
}
