package dev.tars.runner.policy;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How much a policy lets the findings of one static rule weigh. */
public enum RuleSeverity {
  /** No finding. */
  OFF,
  INFO,
  REVIEW,
  REJECT;

  /** In the order in which they are written. */
  static final List<String> WORDS = List.of("off", "info", "review", "reject");

  /** Rules that may be set by their whole name. */
  private static final Set<String> RULES =
      Set.of(
          "path.nested-repository",
          "path.collision",
          "supply.host",
          "surface.changed",
          "gate.uncontrolled");

  /** Beginnings of rules that may be set; those of names, links and the policy itself may not. */
  private static final List<String> GROUPS =
      List.of("handoff.", "syntax.", "unicode.", "content.", "test.", "build.", "mode.");

  /**
   * Rules that a key of their own already sets: saying it twice would leave open which one counts.
   */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "unicode.bidi",
          "unicode.invisible",
          "secret.found",
          "content.mismatch",
          "link.created",
          "test.forbidden");

  static RuleSeverity of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** More weighs more, from 0. */
  public int weight() {
    return WORDS.indexOf(word());
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Why a policy cannot set a rule; empty if it can. A rule may end in {@code .*}. */
  static Optional<String> refusal(String rule) {
    if (ELSEWHERE.contains(rule)) {
      return Optional.of("the rule " + rule + " has a key of its own");
    }
    String group = rule.endsWith(".*") ? rule.substring(0, rule.length() - 1) : "";
    boolean known =
        GROUPS.contains(group)
            || RULES.contains(rule)
            || (rule.matches("[a-z]{1,40}\\.[a-z+#-]{1,40}")
                && GROUPS.stream().anyMatch(rule::startsWith));
    return known
        ? Optional.empty()
        : Optional.of("no static rule whose severity can be set is called " + rule);
  }
}
