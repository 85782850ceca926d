package dev.tars.runner.admin;

import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What is left: every key that a file says otherwise than before and that nothing else has spoken
 * of. A key of which nothing is known counts as changed.
 */
final class KeyDifferences {
  /** Keys for people, and those whose meaning is compared where it is used. */
  private static final Pattern READ_ELSEWHERE =
      Pattern.compile(
          "metadata(\\..*)?|tests|extends(\\[.*)?|variables\\..*|validation\\.reruns"
              + "|validation\\.gates\\[.*\\]\\.(id|message)|caches\\[.*\\]\\.id"
              + "|runtime\\.images\\[.*\\]\\.id");

  private final PolicyTexts before;
  private final PolicyTexts after;
  private final Set<String> spoken = new TreeSet<>();
  private final Set<String> settings = new TreeSet<>();

  KeyDifferences(PolicyTexts before, PolicyTexts after, List<Difference> found) {
    this.before = before;
    this.after = after;
    found.forEach(d -> spoken.add(d.subject()));
    Settings.of(after.policy()).forEach(s -> settings.add(s.key()));
  }

  List<Difference> all() {
    Set<String> names = new TreeSet<>(before.names());
    names.addAll(after.names());
    names.removeAll(Set.of("apiVersion", "kind")); // every file says the same
    List<Difference> found = new ArrayList<>();
    for (String name : names) {
      List<String> was = before.texts(name);
      List<String> is = after.texts(name);
      if (!was.equals(is) && !in(name, spoken)) {
        found.add(
            new Difference(
                way(name, was.isEmpty(), is.isEmpty()),
                name,
                new Difference.Side(shown(was), before.at(name)),
                new Difference.Side(shown(is), after.at(name)),
                "",
                1));
      }
    }
    return found;
  }

  private static String shown(List<String> texts) {
    return texts.isEmpty() ? Difference.Side.NOTHING : String.join(" and ", texts);
  }

  private static boolean in(String name, Set<String> above) {
    return above.stream().anyMatch(a -> PolicyTexts.isBelow(name, a));
  }

  private Way way(String name, boolean wasAbsent, boolean isAbsent) {
    if (name.startsWith("requires.")) {
      return wasAbsent ? Way.NARROWER : isAbsent ? Way.WIDER : Way.CHANGED;
    }
    boolean nothing =
        Keys.find(name).filter(Key::isFixed).isPresent()
            || READ_ELSEWHERE.matcher(name).matches()
            || in(name, settings) // the values that hold were compared
            || name.equals("environment.planMaySet")
            || name.equals("environment.deny")
            || isComparedRule(name);
    return nothing ? Way.EQUAL : Way.CHANGED;
  }

  /** Of a rule on requests every key was compared that the coverage knows. */
  private static boolean isComparedRule(String name) {
    int open = name.indexOf('[');
    int close = name.lastIndexOf(']');
    if (open < 0 || close < open || !RuleDifferences.isAsked(name.substring(0, open))) {
      return false;
    }
    String key = name.substring(close + 1).replaceFirst("^\\.", "").replaceFirst("\\..*$", "");
    return RuleCoverage.FOR_PEOPLE.contains(key) || RuleCoverage.KEYS.contains(key);
  }
}
