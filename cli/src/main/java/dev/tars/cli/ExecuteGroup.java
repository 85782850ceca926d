package dev.tars.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarscli execute …}. */
@Command(name = "execute", description = "Run, watch, review, promote and roll back improvements.")
final class ExecuteGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new CommandLine(new ExecuteGroup())
        .addSubcommand("improvement", new ImprovementCommand(cli))
        .addSubcommand("status", new StatusCommand(cli))
        .addSubcommand("monitor", new MonitorCommand(cli))
        .addSubcommand("review", new ReviewCommand(cli))
        .addSubcommand("rollback", new RollbackCommand(cli))
        .addSubcommand("cancel", new CancelCommand(cli))
        .addSubcommand("diff", new DiffCommand(cli))
        .addSubcommand("logs", new LogsCommand(cli))
        .addSubcommand("report", new ReportCommand(cli))
        .addSubcommand("recover", new RecoverCommand(cli));
  }
}
