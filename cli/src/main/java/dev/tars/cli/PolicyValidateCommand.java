package dev.tars.cli;

import dev.tars.runner.admin.CheckedPolicy;
import dev.tars.runner.admin.PolicyTools;
import dev.tars.runner.model.FailureCode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code policy validate}. */
@Command(
    name = "validate",
    description = "Load policies; every problem in one pass, with its place and what to do.",
    footer = "Exit status: 0 valid, 3 not.")
final class PolicyValidateCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files or builtin:NAME (default: the one that a run would use).")
  private List<String> files = List.of();

  PolicyValidateCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    PolicyTools tools = cli.policyTools();
    List<CheckedPolicy> found = files.isEmpty() ? tools.validateChosen() : tools.validate(files);
    switch (cli.global().format()) {
      case TEXT -> found.forEach(f -> f.lines().forEach(cli.out()::println));
      case JSON -> cli.json(CheckedPolicy.json(found));
      case SARIF -> cli.json(CheckedPolicy.sarif(found));
    }
    return found.stream().allMatch(CheckedPolicy::valid)
        ? 0
        : FailureCode.POLICY_INVALID.exitCode();
  }
}
