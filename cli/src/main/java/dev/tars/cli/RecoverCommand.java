package dev.tars.cli;

import dev.tars.runner.RecoveryReport;
import dev.tars.runner.SandboxRunner;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code execute recover}: the same that every changing command does first. */
@Command(name = "recover", description = "Finish or undo what a crash interrupted.")
final class RecoverCommand implements Callable<Integer> {
  private final Cli cli;

  RecoverCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.open()) {
      RecoveryReport report = runner.recover();
      if (cli.global().json()) {
        cli.json(ResultJson.of(report));
      } else {
        cli.out().println(report.summary());
        report.conflicts().forEach(line -> cli.out().println("  " + line));
      }
      return report.exitCode();
    }
  }
}
