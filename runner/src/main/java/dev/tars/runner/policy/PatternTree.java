package dev.tars.runner.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The patterns of many rules as one tree of their components, so that a path is compared with what
 * they have in common once, and with what cannot match any more not at all.
 */
final class PatternTree {
  /** Which patterns a walk is about: those for paths as they are, for folded paths, or both. */
  enum Spelling {
    EXACT,
    FOLDED,
    BOTH
  }

  private final Node root = new Node(-1);

  /** The tree's own keys: what is looked up is then known at a glance. */
  private final Map<GlobComponent, GlobComponent> components = new HashMap<>();

  private int anys;

  private static final class Node {
    private final Map<GlobComponent, Node> below = new HashMap<>(2);
    private @Nullable Node any;

    /** The rules of which a pattern ends here. */
    private int[] exact = {};

    /** Those of which a pattern for folded paths does. */
    private int[] folded = {};

    /** Of a {@code **} that a path may come to twice, because another one is before it. */
    private final int number;

    private Node(int number) {
      this.number = number;
    }
  }

  /**
   * Adds one pattern; the rules come in their order.
   *
   * @param folded true for a pattern for folded paths
   */
  void add(List<GlobComponent> pattern, int rule, boolean folded) {
    Node node = root;
    boolean afterAny = false;
    for (GlobComponent component : pattern) {
      if (component.isAny()) {
        if (node.any == null) {
          node.any = new Node(afterAny ? anys++ : -1);
        }
        node = node.any;
        afterAny = true;
      } else {
        GlobComponent known = components.computeIfAbsent(component, c -> c);
        node = node.below.computeIfAbsent(known, c -> new Node(-1));
      }
    }
    if (folded) {
      node.folded = with(node.folded, rule);
    } else {
      node.exact = with(node.exact, rule);
    }
  }

  private static int[] with(int[] rules, int rule) {
    if (rules.length > 0 && rules[rules.length - 1] == rule) {
      return rules;
    }
    int[] more = Arrays.copyOf(rules, rules.length + 1);
    more[rules.length] = rule;
    return more;
  }

  /** An index of all components that were added. */
  ComponentIndex index() {
    return new ComponentIndex(components.keySet());
  }

  /** A walk that no name has been read in. */
  Walk walk(Spelling spelling) {
    return new Walk(spelling);
  }

  /** The way of one path through the tree, name by name. */
  final class Walk {
    private final Spelling spelling;

    /** Where the names that were read have led, but for {@code **}. */
    private List<Node> here = List.of(root);

    /** Each {@code **} that was come to; it takes every name, so none is ever left. */
    private List<Node> open = List.of();

    /** How many of them have taken a name; one at the end of a pattern needs one. */
    private int taking;

    private @Nullable BitSet openedTwice;

    private Walk(Spelling spelling) {
      this.spelling = spelling;
      open(root);
    }

    /** True if no pattern can match any more, however the path goes on. */
    boolean isOver() {
      return here.isEmpty() && open.isEmpty();
    }

    /** Reads a name, of which these are all the components that match it. */
    void step(List<GlobComponent> matching) {
      taking = open.size();
      List<Node> from = here;
      here = List.of();
      for (int c = 0; c < matching.size(); c++) {
        GlobComponent component = matching.get(c);
        for (int i = 0; i < from.size(); i++) {
          enter(from.get(i).below.get(component));
        }
        for (int i = 0; i < taking; i++) {
          enter(open.get(i).below.get(component));
        }
      }
    }

    private void enter(@Nullable Node node) {
      if (node != null) {
        here = here.isEmpty() ? new ArrayList<>() : here;
        here.add(node);
        open(node);
      }
    }

    /** What follows {@code **} may follow at once. */
    private void open(Node node) {
      Node any = node.any;
      if (any != null && isNew(any)) {
        open = open.isEmpty() ? new ArrayList<>() : open;
        open.add(any);
      }
    }

    private boolean isNew(Node any) {
      if (any.number < 0) {
        return true;
      }
      BitSet known = openedTwice == null ? new BitSet(anys) : openedTwice;
      openedTwice = known;
      boolean isNew = !known.get(any.number);
      known.set(any.number);
      return isNew;
    }

    /** Adds the rules that match the names that were read. */
    void matched(RuleNumbers into) {
      for (int i = 0; i < taking; i++) {
        add(open.get(i), into);
      }
      for (int i = 0; i < here.size(); i++) {
        add(here.get(i), into);
      }
    }

    private void add(Node node, RuleNumbers into) {
      if (spelling != Spelling.FOLDED) {
        into.addAll(node.exact);
      }
      if (spelling != Spelling.EXACT) {
        into.addAll(node.folded);
      }
    }

    /** True if a path that goes on from here may still match. */
    boolean leadsOn() {
      return !open.isEmpty() || here.stream().anyMatch(node -> !node.below.isEmpty());
    }
  }
}
