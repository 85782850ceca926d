package dev.tars.runner.run;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.review.Approval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Approvals as the audit log holds them: there is no other record of who said what. */
final class Approvals {
  private final AuditLog log;

  Approvals(AuditLog log) {
    this.log = log;
  }

  void record(Approval approval) {
    AuditRecord _ = log.append("approval", approval.json());
  }

  /**
   * What was said since a context was made, of whatever context.
   *
   * @param used approvals of contexts that were promoted: each is good for one promotion
   */
  record Given(List<Approval> all, Set<Digest> used) {}

  Given since(ContextId context) {
    List<Approval> all = new ArrayList<>();
    Set<String> promoted = new HashSet<>();
    for (AuditRecord record : log.since(r -> isRun(r, context))) {
      switch (record.type()) {
        case "approval" -> all.add(Approval.read(record.payload()));
        case "COMMIT" -> promoted.add(record.payload().path("context").asText());
        default -> {}
      }
    }
    Set<Digest> used = new HashSet<>();
    for (Approval approval : all) {
      if (promoted.contains(approval.context().text())) {
        used.add(approval.id());
      }
    }
    return new Given(all, used);
  }

  private static boolean isRun(AuditRecord record, ContextId context) {
    return record.type().equals("run")
        && record.payload().path("context").asText().equals(context.text());
  }
}
