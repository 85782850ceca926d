package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.yaml.Problems;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds rules that can never apply: whoever wrote one believes in a guard that is not there. */
final class RuleReach {
  /** More rules than this are looked at by their text alone, so that loading stays quick. */
  private static final int MOST_COMPARED = 400;

  private RuleReach() {}

  /** An exception outside of what its rule is about does nothing. */
  static void requireExceptions(YamlMap map, PathRule rule) {
    List<YamlMap.Placed> placed = map.placedStrings("except");
    if (placed.size() != rule.except().size() || rule.globs().isEmpty()) {
      return; // a variable stands for several, or a pattern is broken
    }
    PathRule whole =
        rule.match().effect() == Effect.ALLOW ? rule : rule.withDirectories().inAnySpelling();
    for (int i = 0; i < placed.size(); i++) {
      Glob except = rule.except().get(i);
      boolean reached =
          whole.globs().stream().anyMatch(g -> GlobOverlap.overlap(g, except))
              || whole.folded().stream().anyMatch(g -> GlobOverlap.overlap(g, except));
      if (!reached) {
        map.problems()
            .add(
                placed.get(i).at(),
                "the exception can never apply: the rule matches nothing of it",
                "take it out, or correct paths");
      }
    }
  }

  /** Rules of one layer that another one of it leaves nothing of. */
  static void check(PolicyLayer layer, Problems problems) {
    List<PathRule> denies = new ArrayList<>();
    Map<String, RuleMatch> byText = new HashMap<>();
    for (PathRule rule : layer.writeRules) {
      if (rule.match().effect() == Effect.DENY && rule.except().isEmpty()) {
        denies.add(rule);
        rule.globs().forEach(g -> byText.putIfAbsent(g.text(), rule.match()));
      }
    }
    int compared = 0;
    for (PathRule rule : layer.writeRules) {
      if (rule.match().effect() == Effect.DENY) {
        continue;
      }
      boolean closely = ++compared <= MOST_COMPARED && denies.size() <= MOST_COMPARED;
      for (Glob glob : rule.globs()) {
        Optional<RuleMatch> by =
            closely
                ? denies.stream()
                    .filter(d -> d.operations().containsAll(rule.operations()))
                    .filter(d -> d.globs().stream().anyMatch(g -> GlobOverlap.covers(g, glob)))
                    .map(PathRule::match)
                    .findFirst()
                : Optional.ofNullable(byText.get(glob.text()));
        by.ifPresent(
            d -> never(problems, rule.match().at(), rule.match().rule() + " (" + glob + ")", d));
      }
    }
    commands(layer, problems);
    connections(layer, problems);
  }

  private static void commands(PolicyLayer layer, Problems problems) {
    for (ArgvRule deny : layer.argvRules) {
      if (deny.match().effect() != Effect.DENY || deny.moreArgs().isPresent()) {
        continue;
      }
      for (ArgvRule rule : layer.argvRules) {
        if (rule.match().effect() != Effect.DENY && takesAll(deny, rule)) {
          never(problems, rule.match().at(), rule.match().rule(), deny.match());
        }
      }
    }
  }

  private static boolean takesAll(ArgvRule deny, ArgvRule rule) {
    if (deny.any()) {
      return true;
    }
    if (rule.any() || rule.prefix().size() < deny.prefix().size()) {
      return false;
    }
    for (int i = 0; i < deny.prefix().size(); i++) {
      if (!deny.prefix().get(i).containsAll(rule.prefix().get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void connections(PolicyLayer layer, Problems problems) {
    for (NetworkRule deny : layer.networkRules) {
      for (NetworkRule rule : layer.networkRules) {
        for (String denied : deny.denied(rule)) {
          never(
              problems,
              rule.vote().at(),
              rule.vote().rule() + " (" + denied + ")",
              RuleMatch.of(deny.vote()));
        }
      }
    }
  }

  private static void never(Problems problems, SourcePosition at, String what, RuleMatch by) {
    problems.add(
        at,
        what + " can never apply: " + by.rule() + " denies all of it, at " + by.at(),
        "take one of the two out, or narrow the denial with 'except'");
  }
}
