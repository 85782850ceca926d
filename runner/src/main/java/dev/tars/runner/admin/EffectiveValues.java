package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyValue;
import dev.tars.runner.policy.keys.Keys;
import java.util.ArrayList;
import java.util.List;

/** Every value that a run would have, where it comes from, and what holds a run to it. */
public final class EffectiveValues {
  private final EffectivePolicy policy;
  private final List<PolicyValue> said;

  public EffectiveValues(EffectivePolicy policy) {
    this.policy = policy;
    this.said = policy.values();
  }

  /** {@code tars.effective-policy/v1}. */
  public ObjectNode json() {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.effective-policy/v1");
    policy.layers().forEach(node.putArray("layers")::add);
    node.put("digest", policy.digest().toString());
    ArrayNode values = node.putArray("values");
    for (Settings.Setting setting : Settings.of(policy)) {
      ObjectNode value = values.addObject().put("key", setting.key()).put("value", setting.shown());
      origins(value.put("enforced", enforced(setting.key())), setting.key());
    }
    ArrayNode rules = node.putArray("rules");
    for (RuleText rule : RuleTexts.of(policy)) {
      String name = PolicyTexts.name(rule);
      ObjectNode one = rules.addObject().put("section", rule.section()).put("id", rule.id());
      origins(one.put("enforced", enforced(name)), name);
    }
    return node;
  }

  private void origins(ObjectNode into, String key) {
    ArrayNode origins = into.putArray("origins");
    for (PolicyValue.Origin origin : origins(key)) {
      origins
          .addObject()
          .put("layer", origin.layer())
          .put("file", origin.at().file())
          .put("line", origin.at().line())
          .put("column", origin.at().column())
          .put("value", origin.value())
          .put("decides", origin.decides());
    }
  }

  /** Lines for a terminal, escaped. A star marks what decides. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("layers  " + Escape.line(String.join(", ", policy.layers())));
    lines.add("digest  " + policy.digest());
    for (Settings.Setting setting : Settings.of(policy)) {
      lines.add(
          "%-36s %s  [%s]"
              .formatted(setting.key(), Escape.line(setting.shown()), enforced(setting.key())));
      places(setting.key(), lines);
    }
    for (RuleText rule : RuleTexts.of(policy)) {
      String name = PolicyTexts.name(rule);
      lines.add(
          "%-36s %s  [%s]"
              .formatted("rule " + rule.section(), Escape.line(rule.id()), enforced(name)));
      places(name, lines);
    }
    return lines;
  }

  private void places(String key, List<String> lines) {
    List<PolicyValue.Origin> origins = origins(key);
    if (origins.isEmpty()) {
      lines.add("    no layer says anything: this holds by itself");
    }
    for (PolicyValue.Origin origin : origins) {
      lines.add(
          "  %s %s, %s"
              .formatted(
                  origin.decides() ? "*" : " ",
                  origin.layer(),
                  Escape.line(origin.at().toString())));
    }
  }

  /** What files say of a key, or of what is below it. */
  private List<PolicyValue.Origin> origins(String key) {
    return said.stream()
        .filter(v -> PolicyTexts.isBelow(v.name(), key))
        .flatMap(v -> v.origins().stream())
        .toList();
  }

  private static String enforced(String key) {
    return Keys.enforcedBy(key).orElse("nothing");
  }
}
