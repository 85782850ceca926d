package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A record of the audit log as a sentence. A type that has none shows its fields. */
final class AuditSentence {
  private static final int BRIEF_DIGEST = 19;

  private final JsonNode payload;

  private AuditSentence(JsonNode payload) {
    this.payload = payload;
  }

  /** One line: number, time (UTC), what happened. */
  static String of(ObjectNode record) {
    String time = record.path("time").asText();
    String brief = time.length() > 19 ? time.substring(0, 19).replace('T', ' ') : time;
    String type = record.path("type").asText();
    return String.format(
        "%5d  %s  %-11s  %s",
        record.path("seq").asLong(),
        Escape.line(brief),
        Escape.line(type),
        Escape.line(new AuditSentence(record.path("payload")).text(type)));
  }

  private String text(String type) {
    return switch (type) {
      case "genesis" -> "the log of " + field("root") + " begins";
      case "run" -> field("user") + " ran " + field("improvement") + " as " + field("context");
      case "change-set" -> field("context") + " changed the tree: " + field("changeSet");
      case "verdict" -> field("context") + " was judged: " + field("result");
      case "decisions" -> decisions();
      case "run-ended" -> field("context") + " ended as " + field("state") + said("code", "reason");
      case "approval" -> approval();
      case "approval-void" ->
          "approvals of " + field("context") + " do not count: " + field("because");
      case "BEGIN" -> field("transaction") + " of " + field("context") + " begins";
      case "INTENT" -> intent();
      case "COMMIT" -> field("transaction") + " is done" + list("notes", "; ");
      case "ABORT" -> field("transaction") + " was given up, nothing of it stands";
      case "checkpoint" -> "signed up to record " + field("seq");
      case "PIN" ->
          field("transaction") + (payload.path("pinned").asBoolean() ? " is kept" : " may go");
      default -> fields();
    };
  }

  private String decisions() {
    String text =
        field("context")
            + ": "
            + field("allow")
            + " allowed, "
            + field("ask")
            + " asked, "
            + field("deny")
            + " denied";
    List<String> rules = new ArrayList<>();
    payload.path("denying").fieldNames().forEachRemaining(rules::add);
    return rules.isEmpty() ? text : text + " by " + String.join(", ", rules);
  }

  private String approval() {
    String did = payload.path("verb").asText().equals("reject") ? " rejected " : " approved ";
    String comment = payload.path("comment").asText();
    return field("approver")
        + did
        + field("context")
        + " at "
        + field("changeSet")
        + (comment.isEmpty() ? "" : ": \"" + comment + '"');
  }

  private String intent() {
    String of = field("kind").equals("rollback") ? list("undoes", " of ") : "";
    return field("transaction") + ": " + field("kind") + of + ", " + field("paths") + " paths";
  }

  private String said(String... names) {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      String value = payload.path(name).asText();
      text.append(value.isEmpty() ? "" : ", " + value);
    }
    return text.toString();
  }

  private String list(String name, String before) {
    List<String> values = new ArrayList<>();
    payload.path(name).forEach(value -> values.add(value.asText()));
    return values.isEmpty() ? "" : before + String.join(", ", values);
  }

  private String field(String name) {
    return brief(payload.path(name));
  }

  private String fields() {
    List<String> texts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : payload.properties()) {
      texts.add(field.getKey() + '=' + brief(field.getValue()));
    }
    return String.join(" ", texts);
  }

  private static String brief(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    boolean digest = text.startsWith("sha256:") && text.length() > BRIEF_DIGEST;
    return digest ? text.substring(0, BRIEF_DIGEST) : text;
  }
}
