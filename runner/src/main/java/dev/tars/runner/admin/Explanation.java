package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.Telling;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.RuleMatch;
import java.util.ArrayList;
import java.util.List;

/**
 * One recorded decision for a person: what decided, what would change it, and who may do that.
 *
 * @param change what would have to be different; empty for who is told only the rule's id
 * @param who who can make it so
 */
public record Explanation(String context, DecisionRecord record, String change, String who) {

  /** Of a rule, what nobody is told who is told briefly. */
  private static final List<String> IN_FULL =
      List.of("layer", "file", "line", "column", "reason", "fix", "matches");

  static Explanation of(String context, DecisionRecord record, Telling telling) {
    return telling.isBrief() ? new Explanation(context, record, "", "") : of(context, record);
  }

  static Explanation of(String context, DecisionRecord record) {
    RuleMatch rule = record.decision().deciding();
    return new Explanation(context, record, change(context, record, rule), who(rule, record));
  }

  private static String change(String context, DecisionRecord record, RuleMatch rule) {
    if (!rule.fix().isEmpty()) {
      return Escape.line(rule.fix());
    }
    if (record.decision().effect() == Effect.ALLOW) {
      return "a rule that denies it or asks for it, in any layer";
    }
    if (rule.layer().equals("plan")) {
      return "the plan's own 'permissions' name what it may use; add it there";
    }
    if (record.request() instanceof Request.Gate) {
      return "a change that passes the gate";
    }
    if (record.request() instanceof Request.Limit) {
      return "a smaller change, or a larger " + rule.rule();
    }
    if (rule.rule().startsWith("hard.")) {
      return "nothing: this limit is part of the program";
    }
    if (record.decision().effect() == Effect.ASK) {
      return "an approval: tarscli execute review --context-id " + context + " --approve";
    }
    if (rule.rule().endsWith(".default")) {
      return "a rule that allows it; `tarscli policy learn --from "
          + context
          + "` shows the smallest";
    }
    return "the rule " + Escape.line(rule.rule()) + " itself, at " + rule.at();
  }

  private static String who(RuleMatch rule, DecisionRecord record) {
    String file = rule.at().file();
    if (record.request() instanceof Request.Gate && record.decision().denied()) {
      return "the author of the improvement";
    }
    if (rule.rule().startsWith("hard.")) {
      return "nobody";
    }
    if (file.startsWith("builtin:") || rule.layer().startsWith("builtin:")) {
      return "whoever chooses the policy: a policy of one's own can extend another built-in one";
    }
    return switch (rule.layer()) {
      case "system" -> "root on this machine, in " + Escape.line(file);
      case "workspace" -> "a maintainer, by hand: no change set may touch .tars/policy.yaml";
      case "plan" -> "the author of the improvement";
      case "user" -> "who owns " + Escape.line(file);
      default -> "whoever chooses the policy";
    };
  }

  /** {@code tars.explanation/v1}. */
  public ObjectNode json() {
    ObjectNode node = record.json();
    node.put("schema", "tars.explanation/v1").put("context", context);
    if (isBrief()) {
      node.put("rule", record.decision().deciding().name()).remove(IN_FULL);
      return node;
    }
    return node.put("change", change).put("who", who);
  }

  /** True if its reader is told only which rule it was. */
  private boolean isBrief() {
    return change.isEmpty();
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d  %s  %s"
            .formatted(
                record.seq(),
                DecisionRecord.word(record.decision().effect()),
                Requests.line(record.request())));
    String times = record.count() == 1 ? "" : ", " + record.count() + " times";
    String step =
        record.made().step().isEmpty() ? "" : ", step " + Escape.line(record.made().step());
    lines.add(
        "   decided by "
            + record.made().enforcer().id()
            + " ("
            + record.made().certainty().name().toLowerCase(java.util.Locale.ROOT)
            + step
            + times
            + ")");
    if (isBrief()) {
      lines.add("   * " + Escape.line(record.decision().deciding().name()));
      return lines;
    }
    List<RuleMatch> matches = record.decision().matches();
    for (int i = 0; i < matches.size(); i++) {
      lines.add("   " + (i == 0 ? "* " : "  ") + line(matches.get(i)));
    }
    lines.add("   would change it: " + change);
    lines.add("   who may: " + who);
    return lines;
  }

  /** One rule that matched, escaped. */
  public static String line(RuleMatch match) {
    return DecisionRecord.word(match.effect()) + " " + Escape.line(match.told().full());
  }
}
