package dev.tars.runner.policy;

import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sections {@code approval}, {@code teams} and {@code agents}. */
final class ApprovalReader {
  private static final Duration MAX_AGE = Duration.ofDays(90);

  private final PolicyLayer layer;

  ApprovalReader(PolicyLayer layer) {
    this.layer = layer;
  }

  void read(YamlMap top) {
    for (String key : List.of("agents", "teams")) {
      if (top.has(key) && !layer.trusted) {
        top.problem(key, "the workspace cannot say who people are", "take it out");
      }
    }
    layer.agents.addAll(top.strings("agents"));
    top.optionalMap("teams")
        .ifPresent(teams -> {
          for (String name : teams.names()) {
            layer.teams.put(name, new LinkedHashSet<>(teams.strings(name)));
          }
        });
    top.optionalMap("approval").ifPresent(this::approval);
  }

  private void approval(YamlMap map) {
    // "true" in quotes too: it is a CEL expression in the full schema.
    Optional<Boolean> auto =
        map.isText("auto")
            ? map.optionalWord("auto", List.of("true", "false")).map(Boolean::valueOf)
            : map.optionalBool("auto");
    layer.auto = auto.or(() -> layer.auto);
    layer.count = map.optionalInt("count", 1, 20).or(() -> layer.count);
    layer.selfApproval =
        map.optionalWord("selfApproval", List.of("allow", "deny"))
            .map("allow"::equals)
            .or(() -> layer.selfApproval);
    layer.agentsMayApprove = map.optionalBool("agentsMayApprove").or(() -> layer.agentsMayApprove);
    map.optionalWord("bindTo", List.of("changeset-digest"));
    layer.expires = map.optionalDuration("expires", MAX_AGE).or(() -> layer.expires);
    for (YamlMap rule : map.maps("rules")) {
      rule(rule);
    }
    if (map.has("overrides")) {
      map.problem(
          "overrides", "overrides cannot be enforced yet, so they are refused", "take them out");
    }
    map.closed();
  }

  /** Rules without a condition: decisions on paths and {@code Approval} steps name them. */
  private void rule(YamlMap map) {
    String id = map.string("id");
    if (map.has("when")) {
      map.problem(
          "when",
          "conditions in CEL cannot be evaluated yet, so they are refused",
          "take 'when' out and name the rule in filesystem.ask");
    }
    YamlMap require = map.map("require");
    int count = require.optionalInt("count", 1, 20).orElse(1);
    Set<String> from = new LinkedHashSet<>();
    for (YamlMap.Placed name : require.placedStrings("from")) {
      if (name.text().startsWith("team:")) {
        Set<String> team = layer.teams.get(name.text().substring("team:".length()));
        if (team == null) {
          require.problems().add(name.at(), "unknown " + name.text(), "define it below 'teams:'");
        } else {
          from.addAll(team);
        }
      } else {
        from.add(name.text());
      }
    }
    if (from.size() < count && require.has("from")) {
      require.problem(
          "count", "more approvals than people who may give them", "lower the count or add people");
    }
    require.closed();
    map.closed();
    layer.approvalRules.put(id, new ApprovalRules.Rule(id, count, from, map.position()));
  }
}
