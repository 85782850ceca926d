package dev.tars.runner.run;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
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

  List<Approval> all() {
    List<Approval> all = new ArrayList<>();
    for (AuditRecord record : log.records()) {
      if (record.type().equals("approval")) {
        all.add(Approval.read(record.payload()));
      }
    }
    return all;
  }

  /** Approvals of contexts that were promoted: each is good for one promotion. */
  Set<Digest> used() {
    Set<String> promoted = new HashSet<>();
    for (AuditRecord record : log.records()) {
      if (record.type().equals("COMMIT")) {
        promoted.add(record.payload().path("context").asText());
      }
    }
    Set<Digest> used = new HashSet<>();
    for (Approval approval : all()) {
      if (promoted.contains(approval.context().text())) {
        used.add(approval.id());
      }
    }
    return used;
  }
}
