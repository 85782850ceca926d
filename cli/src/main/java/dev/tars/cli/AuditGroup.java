package dev.tars.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tars.runner.AuditReport;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tarscli audit …}. */
@Command(name = "audit", description = "Show and verify the audit log of the workspace.")
final class AuditGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new AuditGroup(), cli)
        .add("show", ShowCommand.class, ShowCommand::new)
        .add("verify", VerifyCommand.class, VerifyCommand::new)
        .add("key", KeyCommand.class, KeyCommand::new)
        .line();
  }

  @Command(
      name = "key",
      description = "The public key that signs here, for trust.keys of a policy elsewhere.")
  static final class KeyCommand implements Callable<Integer> {
    private final Cli cli;

    KeyCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      try (SandboxRunner runner = cli.open()) {
        Bytes key = runner.publicKey();
        String text = Base64.getEncoder().encodeToString(key.toArray());
        cli.result(
            List.of(text),
            JsonNodeFactory.instance
                .objectNode()
                .put("schema", "tars.key/v1")
                .put("publicKey", text)
                .put("keyid", Digest.of(key.toArray()).toString()));
        return 0;
      }
    }
  }

  @Command(name = "show", description = "What was decided and done, oldest first.")
  static final class ShowCommand implements Callable<Integer> {
    private final Cli cli;

    @Mixin private final ContextChoice context = new ContextChoice();

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        split = ",",
        description = "Only records of these types, for example approval,COMMIT.")
    private List<String> types = List.of();

    @Option(names = "--raw", description = "The records as they are kept, one a line.")
    private boolean raw;

    ShowCommand(Cli cli) {
      this.cli = cli;
    }

    @Override
    public Integer call() {
      boolean asKept = raw || cli.global().json();
      try (SandboxRunner runner = cli.open()) {
        Pager.show(
            cli,
            !asKept,
            out ->
                runner.auditRecords(
                    context.given(),
                    record -> {
                      if (types.isEmpty() || types.contains(record.path("type").asText())) {
                        out.println(asKept ? record.toString() : AuditSentence.of(record));
                      }
                    }));
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
        AuditReport report = runner.verifyAudit(Optional.ofNullable(against));
        if (cli.global().json()) {
          cli.json(ResultJson.of(report));
        } else {
          cli.out().println(report.log().summary());
          report.missing().forEach(m -> cli.out().println("  " + Escape.line(m)));
        }
        return report.exitCode();
      }
    }
  }
}
