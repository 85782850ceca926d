package dev.tars.cli;

import dev.tars.runner.admin.TestReport;
import dev.tars.runner.model.FailureCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code policy test}. */
@Command(
    name = "test",
    description = "Run the tests of policies.",
    footer = "Exit status: 0 all pass, 10 a case fails, a mutant survives, or there is no case.")
final class PolicyTestCommand implements Callable<Integer> {
  private final Cli cli;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR|FILE",
      description = "Tests, directories of tests, or policies that name their tests.")
  private List<Path> places = List.of();

  @Option(names = "--coverage", description = "Also list the rules that no case matches.")
  private boolean coverage;

  @Option(
      names = "--mutate",
      description = "Also take away each rule, exception and limit, and see whether a case fails.")
  private boolean mutate;

  PolicyTestCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    TestReport report = cli.policyTools().test(places, mutate);
    cli.result(report.lines(coverage, mutate), report.json());
    if (report.cases() == 0) {
      cli.err().println("error[TARS-GATE-FAILED]: there is no case, so nothing is proven");
      cli.err().println("   = help: write a file with kind: PolicyTest, see docs/policy-guide.md");
    }
    return report.passed() ? 0 : FailureCode.GATE_FAILED.exitCode();
  }
}
