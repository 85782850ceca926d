package dev.tars.runner.admin;

import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PolicyKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the files of a policy say, by key, and where. */
final class PolicyTexts {
  private final EffectivePolicy policy;
  private final NavigableMap<String, List<PolicyKey>> keys = new TreeMap<>();

  PolicyTexts(EffectivePolicy policy) {
    this.policy = policy;
    for (PolicyKey key : policy.keys()) {
      keys.computeIfAbsent(key.name(), k -> new ArrayList<>()).add(key);
    }
  }

  EffectivePolicy policy() {
    return policy;
  }

  Set<String> names() {
    return keys.keySet();
  }

  /** Every text of a key, one for each file that has it. */
  List<String> texts(String name) {
    return keys.getOrDefault(name, List.of()).stream().map(PolicyKey::text).toList();
  }

  /** True if a file has the key, or one below it. */
  boolean has(String name) {
    return first(name).isPresent();
  }

  /** Rules on requests by their names, those that have none by their place. */
  Map<String, List<RuleText>> rules() {
    Map<String, List<RuleText>> rules = new LinkedHashMap<>();
    for (RuleText rule : RuleTexts.of(policy)) {
      if (RuleDifferences.isAsked(rule.section())) {
        rules.computeIfAbsent(name(rule), n -> new ArrayList<>()).add(rule);
      }
    }
    return rules;
  }

  /** As in {@link #names}. */
  static String name(RuleText rule) {
    return rule.node().has("id") ? rule.section() + "[" + rule.id() + "]" : rule.id();
  }

  /** Where a key stands, else the first below it; empty if no file has it. */
  String at(String name) {
    return first(name).map(key -> key.at().toString()).orElse("");
  }

  private Optional<PolicyKey> first(String name) {
    List<PolicyKey> own = keys.get(name);
    if (own != null) {
      return Optional.of(own.getLast());
    }
    return keys.tailMap(name).entrySet().stream()
        .takeWhile(e -> e.getKey().startsWith(name))
        .filter(e -> isBelow(e.getKey(), name))
        .map(e -> e.getValue().getLast())
        .findFirst();
  }

  /** True if a key is another one or stands in it. */
  static boolean isBelow(String name, String above) {
    return name.startsWith(above)
        && (name.length() == above.length()
            || name.charAt(above.length()) == '.'
            || name.charAt(above.length()) == '[');
  }
}
