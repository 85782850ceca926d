package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what layers say about one request. No vote at all is a denial. */
final class Votes {
  /** Where what stands in code is shown to stand. */
  static final SourcePosition CODE = new SourcePosition("hard-limits", 1, 0);

  private static final Comparator<RuleMatch> STRICTEST_FIRST =
      Comparator.comparing(RuleMatch::effect).reversed();

  private final List<RuleMatch> matches = new ArrayList<>();
  private Set<String> approvals = Set.of();

  void add(RuleMatch match) {
    add(match, "");
  }

  void add(RuleMatch match, String approval) {
    matches.add(match);
    if (match.effect() == Effect.ASK) {
      approvals = approvals.isEmpty() ? new LinkedHashSet<>() : approvals;
      approvals.add(approval);
    }
  }

  /** A layer that has the section, and nothing in it matched. */
  void addDefault(String rule, PolicyLayer layer, String section) {
    add(nothing(rule, layer, section));
  }

  /** What a layer says that has the section, where nothing in it matched. */
  static RuleMatch nothing(String rule, PolicyLayer layer, String section) {
    return new RuleMatch(
        rule, layer.name, layer.section(section), Effect.DENY, "no rule allows it");
  }

  /** A limit in code. */
  void addHard(String rule, String reason) {
    add(new RuleMatch(rule, "hard-limits", CODE, Effect.DENY, reason));
  }

  void addPlan(String rule, SourcePosition at, boolean allowed) {
    add(
        new RuleMatch(
            rule,
            "plan",
            at,
            allowed ? Effect.ALLOW : Effect.DENY,
            allowed ? "" : "the plan itself does not ask for it"));
  }

  /** What is so where no layer says anything. */
  Decision decision(String rule, Effect otherwise, String reason) {
    if (matches.isEmpty()) {
      add(new RuleMatch(rule, "hard-limits", CODE, otherwise, reason));
    }
    matches.sort(STRICTEST_FIRST);
    Effect effect = matches.getFirst().effect();
    List<String> needed =
        effect == Effect.ASK ? approvals.stream().filter(id -> !id.isEmpty()).toList() : List.of();
    return new Decision(effect, matches, needed);
  }

  Decision decision(String rule) {
    return decision(rule, Effect.DENY, "no layer says anything about it");
  }
}
