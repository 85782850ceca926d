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
  /** No rule; never written to. */
  static final BitSet NONE = new BitSet(0);

  private final Node root = new Node(-1);

  /** Its own keys: what is looked up is then known at a glance. */
  private final Map<GlobComponent, GlobComponent> components;

  private int anys;

  /**
   * A tree without patterns.
   *
   * @param components of all patterns of several trees, but for {@code **}; more are added
   */
  PatternTree(Map<GlobComponent, GlobComponent> components) {
    this.components = components;
  }

  private static final class Node {
    private final Map<GlobComponent, Node> below = new HashMap<>(2);
    private @Nullable Node any;

    /** Those of which a pattern ends here. */
    private int[] rules = {};

    /** Tells each {@code **} from the others; negative for what is none. */
    private final int number;

    private Node(int number) {
      this.number = number;
    }
  }

  void add(List<GlobComponent> pattern, int rule) {
    Node node = root;
    for (GlobComponent component : pattern) {
      if (!component.isAny()) {
        GlobComponent known = components.computeIfAbsent(component, c -> c);
        node = node.below.computeIfAbsent(known, c -> new Node(-1));
      } else {
        Node any = node.any == null ? new Node(anys++) : node.any;
        node.any = any;
        node = any;
      }
    }
    int count = node.rules.length;
    if (count == 0 || node.rules[count - 1] != rule) {
      node.rules = Arrays.copyOf(node.rules, count + 1);
      node.rules[count] = rule;
    }
  }

  /** A walk that no name has been read in. */
  Walk walk() {
    return new Walk();
  }

  /** The way of one path through the tree, name by name. */
  final class Walk {
    /** Where the names that were read have led, but for {@code **}. */
    private List<Node> here = root.below.isEmpty() ? List.of() : List.of(root);

    /** Each {@code **} that was come to; it takes every name, so none is ever left. */
    private List<Node> open = List.of();

    /** The numbers of {@link #open}. */
    private BitSet opened = NONE;

    /** How many of them have taken a name. */
    private int taking;

    /** The rules of which a pattern ends with one that has taken a name: it needs one. */
    private BitSet below = NONE;

    private Walk() {
      open(root);
    }

    /** True if no pattern can match any more, however the path goes on. */
    boolean isOver() {
      return here.isEmpty() && open.isEmpty();
    }

    /** Reads a name, of which these are all the components that match it. */
    void step(List<GlobComponent> matching) {
      int before = open.size();
      for (; taking < before; taking++) {
        for (int rule : open.get(taking).rules) {
          below = below == NONE ? new BitSet() : below;
          below.set(rule);
        }
      }
      List<Node> from = here;
      here = List.of();
      for (int c = 0; c < matching.size(); c++) {
        GlobComponent component = matching.get(c);
        for (int i = 0; i < from.size(); i++) {
          enter(from.get(i).below.get(component));
        }
        for (int i = 0; i < before; i++) {
          enter(open.get(i).below.get(component));
        }
      }
    }

    private void enter(@Nullable Node node) {
      if (node == null) {
        return;
      }
      if (here.isEmpty()) {
        here = new ArrayList<>();
      }
      here.add(node);
      open(node);
    }

    /** What follows {@code **} may follow at once. */
    private void open(Node node) {
      Node any = node.any;
      if (any == null) {
        return;
      }
      if (open.isEmpty()) {
        open = new ArrayList<>();
        opened = new BitSet();
      }
      if (!opened.get(any.number)) {
        opened.set(any.number);
        open.add(any);
      }
    }

    /** Adds the rules that match the names that were read. */
    BitSet matched(BitSet into) {
      BitSet all = into;
      if (below != NONE) {
        all = all == NONE ? new BitSet() : all;
        all.or(below);
      }
      for (int i = 0; i < here.size(); i++) {
        for (int rule : here.get(i).rules) {
          all = all == NONE ? new BitSet() : all;
          all.set(rule);
        }
      }
      return all;
    }

    /** True if a path that goes on from here may still match. */
    boolean leadsOn() {
      return !open.isEmpty() || here.stream().anyMatch(node -> !node.below.isEmpty());
    }
  }
}
