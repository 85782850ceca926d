package dev.tars.runner.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Secrets;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.RuleMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One line of {@code decisions.jsonl}: a distinct decision of a run.
 *
 * @param seq from 1, in the order in which they were first made
 * @param count how often it was made
 */
public record DecisionRecord(long seq, long count, Request request, Decision decision, Made made) {

  /** By what, how surely, and for which step of the plan; empty where no step asked. */
  public record Made(Enforcer enforcer, Certainty certainty, String step) {}

  /** True for a path that was only left out of the box: that ends no run. */
  public boolean isOmission() {
    return request instanceof Request.Read && made.enforcer() == Enforcer.BASELINE;
  }

  /** True if something was taken out of what was asked: it cannot be asked again. */
  public boolean isRedacted() {
    return Requests.json(request).toString().contains(Secrets.MARK);
  }

  /** {@code tars.decision/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.decision/v1");
    node.put("seq", seq).put("count", count);
    node.set("request", Requests.json(request));
    decisionInto(node, decision);
    node.put("enforcer", made.enforcer().id());
    node.put("certainty", made.certainty().name().toLowerCase(Locale.ROOT));
    if (!made.step().isEmpty()) {
      node.put("step", made.step());
    }
    return node;
  }

  /** Adds effect, deciding rule and every rule that matched. */
  public static void decisionInto(ObjectNode node, Decision decision) {
    node.put("decision", word(decision.effect()));
    match(node, decision.deciding());
    var matches = node.putArray("matches");
    decision.matches().forEach(m -> match(matches.addObject().put("effect", word(m.effect())), m));
    decision.approvals().forEach(node.putArray("approvals")::add);
  }

  private static void match(ObjectNode node, RuleMatch match) {
    node.put("rule", match.rule()).put("layer", match.layer());
    node.put("file", match.at().file()).put("line", match.at().line());
    node.put("column", match.at().column());
    if (!match.reason().isEmpty()) {
      node.put("reason", match.reason());
    }
    if (!match.fix().isEmpty()) {
      node.put("fix", match.fix());
    }
  }

  /**
   * Reads a line.
   *
   * @throws IllegalArgumentException if it is no decision record
   */
  static DecisionRecord parse(JsonNode node) {
    if (!node.path("schema").asText().equals("tars.decision/v1")) {
      throw new IllegalArgumentException("not a decision record");
    }
    List<RuleMatch> matches = new ArrayList<>();
    for (JsonNode match : node.path("matches")) {
      matches.add(
          new RuleMatch(
              match.path("rule").asText(),
              match.path("layer").asText(),
              new SourcePosition(
                  match.path("file").asText(),
                  match.path("line").asInt(),
                  match.path("column").asInt()),
              effect(match.path("effect").asText()),
              match.path("reason").asText(),
              match.path("fix").asText()));
    }
    if (matches.isEmpty()) {
      throw new IllegalArgumentException("a decision record without a rule");
    }
    List<String> approvals = new ArrayList<>();
    node.path("approvals").forEach(a -> approvals.add(a.asText()));
    return new DecisionRecord(
        node.path("seq").asLong(),
        node.path("count").asLong(1),
        Requests.parse(node.path("request")),
        new Decision(effect(node.path("decision").asText()), matches, approvals),
        new Made(
            enforcer(node.path("enforcer").asText()),
            Certainty.valueOf(node.path("certainty").asText().toUpperCase(Locale.ROOT)),
            node.path("step").asText()));
  }

  private static Enforcer enforcer(String id) {
    for (Enforcer enforcer : Enforcer.values()) {
      if (enforcer.id().equals(id)) {
        return enforcer;
      }
    }
    throw new IllegalArgumentException("an unknown enforcer");
  }

  private static Effect effect(String word) {
    return Effect.valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** As policies, records and people write it. */
  public static String word(Effect effect) {
    return effect.name().toLowerCase(Locale.ROOT);
  }
}
