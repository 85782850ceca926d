package dev.tars.cli;

import dev.tars.runner.model.Escape;
import dev.tars.runner.run.RollbackReport;

/** What a rollback did, or would do, path by path. */
final class RollbackView {
  private RollbackView() {}

  static void show(Cli cli, RollbackReport report) {
    cli.out()
        .println(
            report.contextId()
                + report
                    .transaction()
                    .map(id -> ": rolled back by " + id)
                    .orElse(": rollback preview, nothing was changed"));
    for (RollbackReport.Line line : report.paths()) {
      String note = line.note().isEmpty() ? "" : " – " + Escape.line(line.note());
      cli.out().printf("  %-9s %s%s%n", line.action(), Escape.line(line.path()), note);
    }
    if (!report.next().isEmpty()) {
      cli.out().println("  next: " + Escape.line(report.next()));
    }
  }
}
