package dev.tars.cli;

import dev.tars.runner.admin.Impact;
import dev.tars.runner.model.FailureCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code policy impact}. */
@Command(
    name = "impact",
    description = "Which recorded runs would end differently under another policy.",
    footer = "Exit status: 0 none, 21 some.")
final class PolicyImpactCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--policy",
      required = true,
      paramLabel = "NEW",
      description = "A file or builtin:NAME.")
  private String policy = "";

  @Option(
      names = "--context-id",
      arity = "1..*",
      paramLabel = "CTX",
      description = "CTX-<n> or last (default: every context).")
  private List<String> contextIds = List.of();

  PolicyImpactCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    Impact impact = cli.policyTools().impact(policy, contextIds);
    cli.result(impact.lines(), impact.json());
    return impact.anyFlips() ? FailureCode.CHANGES.exitCode() : 0;
  }
}
