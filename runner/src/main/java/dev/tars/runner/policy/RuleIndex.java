package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Finds the rules that match a path among thousands: those of which {@link PathRule#matches} is
 * true, but without asking each of them.
 */
final class RuleIndex {
  private final List<PathRule> rules;
  private final PatternTree tree = new PatternTree();
  private final ComponentIndex components;

  RuleIndex(List<PathRule> rules) {
    this.rules = List.copyOf(rules);
    for (int i = 0; i < this.rules.size(); i++) {
      file(this.rules.get(i).globs(), i, false);
      file(this.rules.get(i).folded(), i, true);
    }
    components = tree.index();
  }

  private void file(List<Glob> globs, int rule, boolean folded) {
    for (Glob glob : globs) {
      for (List<GlobComponent> pattern : glob.alternatives()) {
        tree.add(pattern, rule, folded);
      }
    }
  }

  /** The rules that match, in the order in which they were read. */
  List<PathRule> matching(PathSubject subject) {
    if (rules.isEmpty()) {
      return List.of();
    }
    RuleNumbers numbers = new RuleNumbers();
    if (subject.isFolded()) {
      walk(subject.names(), PatternTree.Spelling.BOTH).matched(numbers);
    } else {
      PatternTree.Walk exact = tree.walk(PatternTree.Spelling.EXACT);
      PatternTree.Walk folded = tree.walk(PatternTree.Spelling.FOLDED);
      for (int i = 0; i < subject.depth(); i++) {
        step(exact, folded, subject, i);
      }
      exact.matched(numbers);
      folded.matched(numbers);
    }
    return matching(numbers, subject);
  }

  /** The same for every directory on the way too; those that match the outermost one first. */
  List<List<PathRule>> alongTheWay(PathSubject subject) {
    if (rules.isEmpty()) {
      return Collections.nCopies(subject.depth(), List.of());
    }
    PatternTree.Walk exact = tree.walk(PatternTree.Spelling.EXACT);
    PatternTree.Walk folded = tree.walk(PatternTree.Spelling.FOLDED);
    List<List<PathRule>> found = new ArrayList<>();
    for (int i = 0; i < subject.depth(); i++) {
      RuleNumbers numbers = new RuleNumbers();
      step(exact, folded, subject, i);
      exact.matched(numbers);
      folded.matched(numbers);
      found.add(matching(numbers, subject.upTo(i + 1)));
    }
    return found;
  }

  /** True if a rule may match something below a directory; exceptions are not looked at. */
  boolean leadsOn(PathSubject directory) {
    return walk(directory.names(), PatternTree.Spelling.EXACT).leadsOn();
  }

  boolean anyMatches(PathSubject subject) {
    return !matching(subject).isEmpty();
  }

  private PatternTree.Walk walk(List<Bytes> names, PatternTree.Spelling spelling) {
    PatternTree.Walk walk = tree.walk(spelling);
    for (int i = 0; i < names.size(); i++) {
      walk.step(walk.isOver() ? List.of() : components.matching(names.get(i)));
    }
    return walk;
  }

  private void step(
      PatternTree.Walk exact, PatternTree.Walk folded, PathSubject subject, int depth) {
    if (exact.isOver() && folded.isOver()) {
      return;
    }
    Bytes name = subject.names().get(depth);
    Bytes spelled = subject.foldedNames().get(depth);
    List<GlobComponent> matching = components.matching(name);
    exact.step(matching);
    folded.step(name.equals(spelled) ? matching : components.matching(spelled));
  }

  private List<PathRule> matching(RuleNumbers numbers, PathSubject subject) {
    List<PathRule> found = List.of();
    for (int number : numbers.sorted()) {
      PathRule rule = rules.get(number);
      if (!rule.excepts(subject)) {
        found = found.isEmpty() ? new ArrayList<>() : found;
        found.add(rule);
      }
    }
    return found;
  }
}
