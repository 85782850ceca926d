package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.TransactionId;
import java.util.Arrays;
import java.util.List;

/** The part of {@code tars.context/v1} that is in {@link Results}. */
final class ResultsJson {
  private ResultsJson() {}

  static void write(Results results, ObjectNode node) {
    node.put("rolledBack", results.rolledBack());
    ArrayNode transactions = node.putArray("transactions");
    for (Results.Transaction one : results.transactions()) {
      ObjectNode transaction = transactions.addObject().put("id", one.id().text());
      transaction.put("kind", State.word(one.kind())).put("state", State.word(one.state()));
    }
    results.approvals().ifPresent(a -> approvals(a, node.putObject("approvals")));
    results.failure().ifPresent(f -> failure(f, node.putObject("failure")));
    results.patch().ifPresent(p -> patch(p, node.putObject("patch")));
    if (!results.waiting().isEmpty()) {
      ArrayNode waiting = node.putArray("notifications");
      for (Results.WaitingNotice notice : results.waiting()) {
        ObjectNode one = waiting.addObject().put("step", notice.step());
        one.put("channel", notice.channel()).put("message", notice.message());
        one.put("mayFail", notice.mayFail());
      }
    }
  }

  static Results read(JsonFields fields) {
    return new Results(
        fields.maybe("approvals", f -> approvals(fields.object(f))),
        fields.list("transactions", ResultsJson::transaction),
        fields.flag("rolledBack"),
        fields.maybe("failure", f -> failure(fields.object(f))),
        fields.maybe("patch", f -> patch(fields.object(f))),
        fields.has("notifications")
            ? fields.list("notifications", ResultsJson::notice)
            : List.<Results.WaitingNotice>of());
  }

  private static Results.Transaction transaction(JsonFields fields) {
    return new Results.Transaction(
        fields.parsed("id", TransactionId::new, "is none"),
        fields.word("kind", Results.Transaction.Kind.class),
        fields.word("state", Results.Transaction.Ended.class));
  }

  private static void approvals(Results.ApprovalsNeeded approvals, ObjectNode node) {
    node.put("needed", approvals.needed()).put("given", approvals.given());
    ArrayNode full = node.putArray("reasons");
    ArrayNode brief = node.putObject("brief").putArray("reasons");
    approvals
        .reasons()
        .forEach(reason -> {
          full.add(reason.full());
          brief.add(reason.brief());
        });
    approvals.expiresAt().ifPresent(at -> node.put("expiresAt", at.toString()));
    ArrayNode rules = node.putArray("rules");
    for (Results.ApprovalRule rule : approvals.rules()) {
      ObjectNode one = rules.addObject().put("rule", rule.id()).put("count", rule.count());
      rule.from().forEach(one.putArray("from")::add);
      if (!rule.from().isEmpty()) {
        one.putObject("brief").putArray("from").add("those whom the policy names");
      }
      rule.given().forEach(one.putArray("given")::add);
      one.put("missing", rule.missing());
    }
  }

  private static Results.ApprovalsNeeded approvals(JsonFields fields) {
    return new Results.ApprovalsNeeded(
        fields.count("needed"),
        fields.count("given"),
        fields.toldTexts("reasons"),
        fields.maybe("expiresAt", fields::instant),
        fields.list(
            "rules",
            rule ->
                new Results.ApprovalRule(
                    rule.text("rule"),
                    rule.count("count"),
                    rule.texts("from"),
                    rule.texts("given"),
                    rule.count("missing"))));
  }

  private static void failure(Results.Failure failure, ObjectNode node) {
    node.put("code", failure.code().id()).put("what", failure.what());
    advice(failure.full(), node);
    advice(failure.brief(), node.putObject("brief"));
  }

  private static void advice(Results.Advice advice, ObjectNode node) {
    node.put("where", advice.where()).put("help", advice.help());
    advice.notes().forEach(node.putArray("notes")::add);
  }

  private static Results.Failure failure(JsonFields fields) {
    Results.Advice full = advice(fields);
    return new Results.Failure(
        code(fields),
        fields.text("what"),
        full,
        fields.brief().map(ResultsJson::advice).orElse(full));
  }

  static FailureCode code(JsonFields fields) {
    String id = fields.text("code");
    return Arrays.stream(FailureCode.values())
        .filter(c -> c.id().equals(id))
        .findFirst()
        .orElseThrow(() -> fields.wrong("code", "is none of ours"));
  }

  /** A review of an earlier version wrote none of it. */
  private static Results.Advice advice(JsonFields fields) {
    return new Results.Advice(
        fields.maybeText("where").orElse(""),
        fields.has("notes") ? fields.texts("notes") : List.of(),
        fields.maybeText("help").orElse(""));
  }

  static void patch(Results.PatchRecord patch, ObjectNode node) {
    node.put("file", patch.file()).put("sha256", patch.sha256().toString());
    node.put("changeSet", patch.changeSet().toString());
    patch.missing().forEach(node.putArray("missing")::add);
  }

  static Results.PatchRecord patch(JsonFields fields) {
    return new Results.PatchRecord(
        fields.text("file"),
        fields.digest("sha256"),
        fields.digest("changeSet"),
        fields.texts("missing"));
  }

  private static Results.WaitingNotice notice(JsonFields fields) {
    return new Results.WaitingNotice(
        fields.text("step"),
        fields.text("channel"),
        fields.text("message"),
        fields.flag("mayFail"));
  }
}
