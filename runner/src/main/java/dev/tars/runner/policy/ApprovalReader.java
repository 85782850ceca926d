package dev.tars.runner.policy;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.expression.Conditions;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.YamlMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sections {@code approval}, {@code teams} and {@code agents}. */
final class ApprovalReader {
  private static final int MAX_COUNT = 20;
  private static final String USER = "[a-z_A-Z0-9][a-zA-Z0-9._@-]{0,63}\\$?";

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
    layer.agents.addAll(users(top, "agents"));
    top.optionalMap("teams")
        .ifPresent(teams -> {
          for (String name : teams.names()) {
            layer.teams.put(name, users(teams, name));
          }
        });
    top.optionalMap("approval").ifPresent(this::approval);
  }

  private static Set<String> users(YamlMap map, String key) {
    Set<String> users = new LinkedHashSet<>();
    for (YamlMap.Placed user : map.placedStrings(key)) {
      if (!user.text().matches(USER)) {
        map.problems()
            .add(
                user.at(),
                "not a user: " + Escape.line(user.text()),
                "write the name of an operating system user");
      }
      if (!users.add(user.text())) {
        map.problems()
            .add(user.at(), "the user " + Escape.line(user.text()) + " stands twice", "keep one");
      }
    }
    return users;
  }

  private void approval(YamlMap map) {
    layer.auto = Conditions.optionalOrWord(map, "auto", Scope.APPROVAL).or(() -> layer.auto);
    layer.said.read(map, "approval");
    for (YamlMap rule : map.maps("rules")) {
      rule(rule);
    }
    if (map.has("overrides") && !layer.trusted) {
      map.problem("overrides", "the workspace cannot let a failed gate pass", "take it out");
    }
    for (YamlMap override : map.maps("overrides")) {
      override(override);
    }
    map.closed();
  }

  private void rule(YamlMap map) {
    String id = map.string("id");
    Optional<Condition> when = Conditions.optional(map, "when", Scope.APPROVAL);
    when.filter(c -> c.text().strip().equals("false"))
        .ifPresent(c ->
            map.problem("when", "a condition that is never true", "take 'when' out, or the rule"));
    YamlMap require = map.map("require");
    int count = require.optionalInt("count", 1, MAX_COUNT).orElse(1);
    Set<String> from = people(require, "from");
    if (from.size() < count && require.has("from")) {
      require.problem(
          "count", "more approvals than people who may give them", "lower the count or add people");
    }
    List<String> shown = require.strings("from");
    require.closed();
    map.closed();
    ApprovalRules.Rule before =
        layer.approvalRules.put(
            id, new ApprovalRules.Rule(id, when, count, from, shown, map.position()));
    if (before != null) {
      map.problem(
          "id",
          "the approval rule '" + Escape.line(id) + "' is there already, at " + before.at(),
          "choose another id");
    }
  }

  private void override(YamlMap map) {
    String gate = map.string("gate");
    Set<String> by = people(map, "by");
    if (by.isEmpty()) {
      map.problem("by", "nobody may use this override", "name users or team:NAME");
    }
    map.optionalWord("reason", List.of("required")); // who lets a failure pass says why
    List<String> shown = map.strings("by");
    map.closed();
    layer.overrides.add(new ApprovalRules.GateOverride(gate, by, shown, true, map.position()));
  }

  /** Users and {@code team:NAME}; a team that is not there is a problem, never nobody or all. */
  private Set<String> people(YamlMap map, String key) {
    Set<String> people = new LinkedHashSet<>();
    for (YamlMap.Placed name : map.placedStrings(key)) {
      if (name.text().startsWith("team:")) {
        String wanted = name.text().substring("team:".length());
        Set<String> team = layer.teams.get(wanted);
        if (team == null) {
          map.problems()
              .add(
                  name.at(),
                  "unknown " + Escape.line(name.text()),
                  Nearest.of(wanted, layer.teams.keySet())
                      .map(n -> "did you mean 'team:" + n + "'?")
                      .orElse("define it below 'teams:'"));
        } else {
          people.addAll(team);
        }
      } else if (name.text().matches(USER)) {
        people.add(name.text());
      } else {
        map.problems()
            .add(
                name.at(),
                "neither a user nor a team: " + Escape.line(name.text()),
                "write a user's name, or team:NAME");
      }
    }
    return people;
  }
}
