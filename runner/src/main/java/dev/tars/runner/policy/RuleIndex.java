package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the few rules that may match a path among thousands: by the directories that a pattern
 * begins with, else by the name or the extension that it ends with, else by a name in it. It only
 * leaves out what cannot match; {@link PathRule#matches(PathSubject)} decides.
 */
final class RuleIndex {
  private final List<PathRule> rules;
  private final Keys exact = new Keys();
  private final Keys folded = new Keys();

  RuleIndex(List<PathRule> rules) {
    this.rules = List.copyOf(rules);
    for (int i = 0; i < this.rules.size(); i++) {
      for (Glob glob : this.rules.get(i).globs()) {
        exact.add(glob, i);
      }
      for (Glob glob : this.rules.get(i).folded()) {
        folded.add(glob, i);
      }
    }
  }

  /** The rules that match, in the order in which they were read. */
  List<PathRule> matching(PathSubject subject) {
    BitSet candidates = new BitSet(rules.size());
    exact.collect(subject.names(), candidates);
    folded.collect(subject.foldedNames(), candidates);
    List<PathRule> found = new ArrayList<>();
    for (int i = candidates.nextSetBit(0); i >= 0; i = candidates.nextSetBit(i + 1)) {
      if (rules.get(i).matches(subject)) {
        found.add(rules.get(i));
      }
    }
    return found;
  }

  boolean isEmpty() {
    return rules.isEmpty();
  }

  boolean anyMatches(PathSubject subject) {
    return !rules.isEmpty() && !matching(subject).isEmpty();
  }

  /** Where a pattern is filed: below its first names, or under one that it needs. */
  private static final class Keys {
    private final Node root = new Node();
    private final Map<Bytes, BitSet> names = new HashMap<>();
    private final Map<Bytes, BitSet> extensions = new HashMap<>();
    private final Map<Bytes, BitSet> anywhere = new HashMap<>();

    private static final class Node {
      private final Map<Bytes, Node> below = new HashMap<>();
      private final BitSet rules = new BitSet();
    }

    void add(Glob glob, int rule) {
      for (List<GlobComponent> pattern : glob.alternatives()) {
        GlobComponent last = pattern.getLast();
        if (pattern.getFirst().literal().isPresent()) {
          Node node = root;
          for (GlobComponent component : pattern) {
            if (component.literal().isEmpty()) {
              break;
            }
            node = node.below.computeIfAbsent(component.literal().get(), k -> new Node());
          }
          node.rules.set(rule);
        } else if (last.literal().isPresent()) {
          names.computeIfAbsent(last.literal().get(), k -> new BitSet()).set(rule);
        } else if (last.ending().isPresent() && extension(last.ending().get()).length() > 0) {
          extensions.computeIfAbsent(extension(last.ending().get()), k -> new BitSet()).set(rule);
        } else {
          pattern.stream()
              .flatMap(component -> component.literal().stream())
              .findFirst()
              .map(name -> anywhere.computeIfAbsent(name, k -> new BitSet()))
              .orElse(root.rules)
              .set(rule);
        }
      }
    }

    void collect(List<Bytes> path, BitSet into) {
      Node node = root;
      into.or(node.rules);
      for (Bytes name : path) {
        node = node.below.get(name);
        if (node == null) {
          break;
        }
        into.or(node.rules);
      }
      if (!anywhere.isEmpty()) {
        path.forEach(name -> or(into, anywhere.get(name)));
      }
      Bytes last = path.getLast();
      or(into, names.get(last));
      or(into, extensions.get(extension(last)));
    }

    private static void or(BitSet into, @org.jspecify.annotations.Nullable BitSet more) {
      if (more != null) {
        into.or(more);
      }
    }

    /** From the last dot to the end; empty if there is none. */
    private static Bytes extension(Bytes name) {
      for (int i = name.length() - 1; i >= 0; i--) {
        if (name.at(i) == '.') {
          return name.slice(i, name.length());
        }
      }
      return Bytes.utf8("");
    }
  }
}
