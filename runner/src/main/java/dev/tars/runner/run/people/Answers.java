package dev.tars.runner.run.people;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.review.Approval;
import java.util.List;

/** What people said of one run, by the audit log, oldest first. */
public final class Answers {
  private Answers() {}

  public static List<Approval> of(AuditLog log, ContextId context) {
    return new Approvals(log)
        .since(context).all().stream().filter(said -> said.context().equals(context)).toList();
  }
}
