package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the rules that match a path among thousands: those that {@link PathRule#matches} says, but
 * without asking each of them.
 */
final class RuleIndex {
  private final List<PathRule> rules;
  private final PatternTree exact;
  private final PatternTree folded;
  private final ComponentIndex components;

  RuleIndex(List<PathRule> rules) {
    this.rules = List.copyOf(rules);
    Map<GlobComponent, GlobComponent> all = new LinkedHashMap<>();
    exact = new PatternTree(all);
    folded = new PatternTree(all);
    for (int i = 0; i < this.rules.size(); i++) {
      file(this.rules.get(i).globs(), exact, i);
      file(this.rules.get(i).folded(), folded, i);
    }
    components = new ComponentIndex(all.keySet());
  }

  private static void file(List<Glob> globs, PatternTree tree, int rule) {
    for (Glob glob : globs) {
      for (List<GlobComponent> pattern : glob.alternatives()) {
        tree.add(pattern, rule);
      }
    }
  }

  /** The rules that match, in the order in which they were read. */
  List<PathRule> matching(PathSubject subject) {
    if (rules.isEmpty()) {
      return List.of();
    }
    Walk walk = new Walk();
    for (int depth = 1; depth <= subject.depth(); depth++) {
      walk.step(subject, depth);
    }
    return walk.matched(subject);
  }

  /** The same for every directory on the way too; those that match the outermost one first. */
  List<List<PathRule>> alongTheWay(PathSubject subject) {
    if (rules.isEmpty()) {
      return Collections.nCopies(subject.depth(), List.of());
    }
    List<List<PathRule>> found = new ArrayList<>();
    Walk walk = new Walk();
    for (int depth = 1; depth <= subject.depth(); depth++) {
      walk.step(subject, depth);
      found.add(walk.matched(subject.upTo(depth)));
    }
    return found;
  }

  /** True if a rule may match something below a directory; exceptions are not looked at. */
  boolean leadsOn(PathSubject directory) {
    Walk walk = new Walk();
    for (int depth = 1; depth <= directory.depth(); depth++) {
      walk.step(directory, depth);
    }
    return walk.exactly.leadsOn();
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  boolean anyMatches(PathSubject subject) {
    return !matching(subject).isEmpty();
  }

  /** Of a path as it is, and as it is folded. */
  private final class Walk {
    private final PatternTree.Walk exactly = exact.walk();
    private final PatternTree.Walk inAnySpelling = folded.walk();

    void step(PathSubject subject, int depth) {
      Bytes name = subject.names().get(depth - 1);
      Bytes spelled = subject.foldedNames().get(depth - 1);
      boolean plain = name == spelled;
      List<GlobComponent> matching = List.of();
      if (!exactly.isOver() || (plain && !inAnySpelling.isOver())) {
        matching = components.matching(name);
      }
      exactly.step(matching);
      if (!plain && !inAnySpelling.isOver()) {
        matching = components.matching(spelled);
      }
      inAnySpelling.step(matching);
    }

    List<PathRule> matched(PathSubject subject) {
      BitSet numbers = inAnySpelling.matched(exactly.matched(PatternTree.NONE));
      if (numbers.isEmpty()) {
        return List.of();
      }
      List<PathRule> found = new ArrayList<>();
      for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
        if (!rules.get(i).excepts(subject)) {
          found.add(rules.get(i));
        }
      }
      return found;
    }
  }
}
