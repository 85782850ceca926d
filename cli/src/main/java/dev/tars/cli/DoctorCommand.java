package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.RunOutcome;
import dev.tars.runner.SandboxRunner;
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
      RunOutcome outcome = runner.doctor();
      ObjectNode document = outcome.document();
      if (cli.global().json()) {
        cli.json(document);
        return outcome.exitCode();
      }
      document
          .path("checks")
          .forEach(c -> {
            cli.out()
                .printf(
                    "%-7s %-18s %s%n",
                    c.path("result").asText(), c.path("id").asText(), c.path("found").asText());
            String fix = c.path("fix").asText("");
            if (!fix.isEmpty()) {
              cli.out().println("        fix: " + fix);
            }
          });
      return outcome.exitCode();
    }
  }
}
