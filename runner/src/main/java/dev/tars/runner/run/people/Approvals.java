package dev.tars.runner.run.people;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.review.Approval;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
   * What was said since a context was made, of whatever context, and what its run recorded.
   *
   * @param used approvals of contexts that were promoted: each is good for one promotion
   * @param facts of this context: field to value, as recorded
   */
  record Given(List<Approval> all, Set<Digest> used, Map<String, String> facts) {
    /** The operating system user who ran it. */
    String ranBy() {
      return facts.getOrDefault("user", "");
    }

    String policy() {
      return facts.getOrDefault("policy", "");
    }

    String verdict() {
      return facts.getOrDefault("verdict", "");
    }

    String options() {
      return facts.getOrDefault("options", "");
    }

    String steps() {
      return facts.getOrDefault("steps", "");
    }
  }

  Given since(ContextId context) {
    List<Approval> all = new ArrayList<>();
    Set<String> promoted = new HashSet<>();
    Map<String, String> facts = new HashMap<>();
    for (AuditRecord record : log.since(r -> isRun(r, context))) {
      JsonNode payload = record.payload();
      boolean ours = payload.path("context").asText().equals(context.text());
      switch (record.type()) {
        case "approval" -> all.add(Approval.read(payload));
        case "COMMIT", "patch" -> promoted.add(payload.path("context").asText());
        case "run" -> keep(ours, payload, facts, "user", "policy", "options");
        case "change-set" -> keep(ours, payload, facts, "steps");
        case "verdict" -> keep(ours, payload, facts, "verdict");
        default -> {}
      }
    }
    Set<Digest> used = new HashSet<>();
    for (Approval approval : all) {
      if (promoted.contains(approval.context().text())) {
        used.add(approval.id());
      }
    }
    return new Given(all, used, facts);
  }

  private static void keep(
      boolean ours, JsonNode payload, Map<String, String> facts, String... fields) {
    for (String field : fields) {
      if (ours && payload.has(field)) {
        facts.put(field, payload.path(field).asText());
      }
    }
  }

  private static boolean isRun(AuditRecord record, ContextId context) {
    return record.type().equals("run")
        && record.payload().path("context").asText().equals(context.text());
  }
}
