package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.run.bench.Doctor;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tarscli doctor}. */
@Command(
    name = "doctor",
    description = "Check engine, image, isolation and state directory; each problem with a fix.")
final class DoctorCommand implements Callable<Integer> {
  private final Cli cli;

  DoctorCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    try (SandboxRunner runner = cli.anywhere()) {
      Doctor.Diagnosis found = runner.doctor();
      if (cli.global().json()) {
        cli.json(ResultJson.of(found));
        return found.exitCode();
      }
      for (Doctor.Check check : found.checks()) {
        cli.out().printf("%-7s %-18s %s%n", check.result(), check.id(), check.found());
        if (!check.fix().isEmpty()) {
          cli.out().println("        fix: " + check.fix());
        }
      }
      return found.exitCode();
    }
  }
}
