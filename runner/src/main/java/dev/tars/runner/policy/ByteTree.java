package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Numbered texts, and which of them a name has in it. */
final class ByteTree {
  /** What most names have; never written to. */
  private static final BitSet NONE = new BitSet(0);

  private final Node root = new Node();

  private static final class Node {
    /** Of the first in {@code next}, which is as long as the bytes that go on are apart. */
    private int lowest;

    private @Nullable Node[] next = {};
    private int[] ends = {};

    @Nullable Node after(byte b) {
      int place = Byte.toUnsignedInt(b) - lowest;
      return place >= 0 && place < next.length ? next[place] : null;
    }

    Node make(byte b) {
      int value = Byte.toUnsignedInt(b);
      Node known = after(b);
      if (known != null) {
        return known;
      }
      int from = next.length == 0 ? value : Math.min(lowest, value);
      int to = next.length == 0 ? value + 1 : Math.max(lowest + next.length, value + 1);
      @Nullable Node[] wider = new @Nullable Node[to - from];
      System.arraycopy(next, 0, wider, next.length == 0 ? 0 : lowest - from, next.length);
      lowest = from;
      next = wider;
      Node made = new Node();
      next[value - from] = made;
      return made;
    }
  }

  void add(Bytes text, int number) {
    Node node = root;
    for (int i = 0; i < text.length(); i++) {
      node = node.make(text.at(i));
    }
    node.ends = Arrays.copyOf(node.ends, node.ends.length + 1);
    node.ends[node.ends.length - 1] = number;
  }

  /** The numbers of the texts that occur in a name. */
  BitSet occurringIn(Bytes name) {
    BitSet found = null;
    for (int from = 0; from < name.length(); from++) {
      Node node = root.after(name.at(from));
      for (int i = from + 1; node != null; i++) {
        for (int number : node.ends) {
          found = found == null ? new BitSet() : found;
          found.set(number);
        }
        node = i < name.length() ? node.after(name.at(i)) : null;
      }
    }
    return found == null ? NONE : found;
  }
}
