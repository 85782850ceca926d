package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.AuditReport;
import dev.tars.runner.RecoveryReport;
import dev.tars.runner.retention.Collected;
import dev.tars.runner.run.RollbackReport;
import dev.tars.runner.run.bench.Doctor;

/** The documents of results, as docs/formats.md has them. */
final class ResultJson {
  private ResultJson() {}

  static ObjectNode of(RollbackReport report) {
    ObjectNode document = document("tars.rollback/v1").put("contextId", report.contextId().text());
    report.transaction().ifPresent(id -> document.put("transaction", id.text()));
    ArrayNode paths = document.putArray("paths");
    for (RollbackReport.Line line : report.paths()) {
      ObjectNode node = paths.addObject().put("action", line.action()).put("path", line.path());
      if (report.transaction().isEmpty()) {
        node.put("note", line.note());
      }
    }
    return document.put("next", report.next());
  }

  static ObjectNode of(RecoveryReport report) {
    ObjectNode document = document("tars.recovery/v1").put("summary", report.summary());
    report.conflicts().forEach(document.putArray("paths")::add);
    return document;
  }

  static ObjectNode of(AuditReport report) {
    ObjectNode document = document("tars.audit-verification/v1");
    document.put("records", report.log().records()).put("checkpoints", report.log().checkpoints());
    document.put("anchored", report.log().anchored()).put("summary", report.log().summary());
    report.log().problem().ifPresent(p -> document.put("problem", p));
    report.missing().forEach(document.putArray("missing")::add);
    return document;
  }

  static ObjectNode of(Collected collected) {
    ObjectNode document = document("tars.gc/v1");
    collected.removed().forEach(document.putArray("removed")::add);
    collected.kept().forEach(document.putArray("kept")::add);
    document.put("dryRun", collected.dryRun());
    document.put("bytesBefore", collected.before()).put("bytesAfter", collected.after());
    document.put("bytesMax", collected.most());
    return document.put("summary", collected.summary());
  }

  static ObjectNode of(Doctor.Diagnosis found) {
    ObjectNode document = document("tars.doctor/v1");
    ArrayNode checks = document.putArray("checks");
    for (Doctor.Check check : found.checks()) {
      ObjectNode node = checks.addObject().put("result", check.result()).put("id", check.id());
      node.put("found", check.found()).put("fix", check.fix());
    }
    return document;
  }

  private static ObjectNode document(String schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema);
  }
}
