package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.decisions.Requests;
import java.util.List;

/**
 * The smallest addition to a policy that clears denials of recorded runs.
 *
 * @param base the policy that it extends
 * @param policy the whole new policy as YAML; empty if there is nothing to add
 * @param cleared how many recorded denials it clears, seen by replaying them
 */
public record Learned(
    String base, String policy, int cleared, List<Addition> additions, List<Refused> refused) {
  public Learned {
    additions = List.copyOf(additions);
    refused = List.copyOf(refused);
  }

  /**
   * One rule or entry.
   *
   * @param id the rule, or the key that the entry goes to
   */
  public record Addition(
      String id, List<DeniedRequest> evidence, RiskNote.Level level, String risk) {
    public Addition {
      evidence = List.copyOf(evidence);
    }
  }

  /** A denial that no addition may clear. */
  public record Refused(DeniedRequest denied, String why) {}

  /** {@code tars.policy-learn/v1}. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("schema", "tars.policy-learn/v1");
    node.put("base", base).put("cleared", cleared);
    ArrayNode all = node.putArray("additions");
    for (Addition addition : additions) {
      ObjectNode one = all.addObject().put("id", addition.id());
      one.put("risk", addition.level().name().toLowerCase(java.util.Locale.ROOT));
      one.put("note", addition.risk());
      ArrayNode evidence = one.putArray("evidence");
      addition.evidence().forEach(d -> evidence.add(evidence(d)));
    }
    ArrayNode kept = node.putArray("refused");
    for (Refused one : refused) {
      kept.add(
          evidence(one.denied())
              .put("rule", one.denied().record().decision().deciding().rule())
              .put("why", one.why()));
    }
    node.put("policy", policy);
    return node;
  }

  private static ObjectNode evidence(DeniedRequest denied) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("context", denied.context());
    node.put("seq", denied.record().seq());
    node.set("request", Requests.json(denied.record().request()));
    return node;
  }
}
