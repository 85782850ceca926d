package dev.tars.cli;

import dev.tars.runner.RunOutcome;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tarscli audit …}. */
@Command(name = "audit", description = "Show and verify the audit log of the workspace.")
final class AuditGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new AuditGroup(), cli)
        .add("show", ShowCommand.class, ShowCommand::new)
        .add("verify", VerifyCommand.class, VerifyCommand::new)
        .line();
  }

  @Command(name = "show", description = "Every record, oldest first.")
  static final class ShowCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(
        names = "--context-id",
        paramLabel = "CTX",
        description = "Only records of this context.")
    private @Nullable String contextId;

    ShowCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        runner.auditRecords(
            Optional.ofNullable(contextId),
            r -> {
              if (cli.global().json()) {
                cli.out().println(r);
                return;
              }
              cli.out()
                  .printf(
                      "%5d %s %-16s %s%n",
                      r.path("seq").asLong(),
                      r.path("time").asText(),
                      r.path("type").asText(),
                      Escape.line(r.path("payload").toString()));
            });
        return 0;
      }
    }
  }

  @Command(name = "verify", description = "Check the chain, every checkpoint, and the objects.")
  static final class VerifyCommand implements Callable<Integer> {
    private final Cli cli;

    @Option(
        names = "--against",
        paramLabel = "FILE",
        description = "A checkpoint that was kept elsewhere.")
    private @Nullable Path against;

    VerifyCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        RunOutcome outcome = runner.verifyAudit(Optional.ofNullable(against));
        if (cli.global().json()) {
          cli.json(outcome.document());
        } else {
          cli.out().println(outcome.document().path("summary").asText());
          outcome
              .document()
              .path("missing")
              .forEach(m -> cli.out().println("  " + Escape.line(m.asText())));
        }
        return outcome.exitCode();
      }
    }
  }
}
