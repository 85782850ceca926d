package dev.tars.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tarscli execute …}. */
@Command(name = "execute", description = "Run, watch, review, promote and roll back improvements.")
final class ExecuteGroup extends GroupCommand {
  static CommandLine create(Cli cli) {
    return new Branch(new ExecuteGroup(), cli)
        .add("improvement", ImprovementCommand.class, ImprovementCommand::new)
        .add("status", StatusCommand.class, StatusCommand::new)
        .add("monitor", MonitorCommand.class, MonitorCommand::new)
        .add("review", ReviewCommand.class, ReviewCommand::new)
        .add("rollback", RollbackCommand.class, RollbackCommand::new)
        .add("cancel", CancelCommand.class, CancelCommand::new)
        .add("diff", DiffCommand.class, DiffCommand::new)
        .add("logs", LogsCommand.class, LogsCommand::new)
        .add("report", ReportCommand.class, ReportCommand::new)
        .add("export", ExportCommand.class, ExportCommand::new)
        .add("import", ImportCommand.class, ImportCommand::new)
        .add("recover", RecoverCommand.class, RecoverCommand::new)
        .line();
  }
}
