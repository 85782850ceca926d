package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every value that a run would have and where it is enforced, and the rules of every layer. */
public final class EffectiveValues {
  /** By the beginning of a key; the longest that fits. */
  private static final Map<String, String> ENFORCED =
      Map.ofEntries(
          Map.entry("resources.wallClock", "run: the runner's clock"),
          Map.entry("resources.disk", "box: what a layer grows by is watched"),
          Map.entry("resources.inodes", "box: what a layer grows by is watched"),
          Map.entry("resources.output", "run: the runner reads no more"),
          Map.entry("resources.", "box: limits of the container"),
          Map.entry("runtime.", "box: how the container is made"),
          Map.entry("environment.", "box: the container's variables"),
          Map.entry("caches", "box: layers that are mounted"),
          Map.entry("filesystem.", "verdict: the change set is read after the run"),
          Map.entry("files.", "verdict: the change set is read after the run"),
          Map.entry("validation.", "verdict: gates in the clean room"),
          Map.entry("testIntegrity.", "verdict: tests before and after"),
          Map.entry("approval.", "review"),
          Map.entry("agents", "review"),
          Map.entry("promotion.", "promotion"));

  private final EffectivePolicy policy;

  public EffectiveValues(EffectivePolicy policy) {
    this.policy = policy;
  }

  /** {@code tars.effective-policy/v1}. */
  public ObjectNode json() {
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.effective-policy/v1");
    policy.layers().forEach(node.putArray("layers")::add);
    node.put("digest", policy.digest().toString());
    ArrayNode values = node.putArray("values");
    for (Settings.Setting setting : Settings.of(policy)) {
      values
          .addObject()
          .put("key", setting.key())
          .put("value", setting.shown())
          .put("enforced", enforced(setting.key()));
    }
    ArrayNode rules = node.putArray("rules");
    for (RuleText rule : RuleTexts.of(policy)) {
      rules.addObject().put("section", rule.section()).put("id", rule.id());
    }
    return node;
  }

  /** Lines for a terminal, escaped. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("layers  " + Escape.line(String.join(", ", policy.layers())));
    lines.add("digest  " + policy.digest());
    for (Settings.Setting setting : Settings.of(policy)) {
      lines.add(
          "%-36s %s  [%s]"
              .formatted(setting.key(), Escape.line(setting.shown()), enforced(setting.key())));
    }
    for (RuleText rule : RuleTexts.of(policy)) {
      lines.add("%-36s %s".formatted("rule " + rule.section(), Escape.line(rule.id())));
    }
    return lines;
  }

  /** The longest beginning that fits. */
  private static String enforced(String key) {
    return ENFORCED.keySet().stream()
        .filter(key::startsWith)
        .max(java.util.Comparator.comparingInt(String::length))
        .map(ENFORCED::get)
        .orElse("run");
  }
}
