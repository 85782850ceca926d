package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import java.util.BitSet;
import java.util.List;

/** Whether a path can be the beginning of one that a pattern matches. */
final class GlobPrefix {
  private GlobPrefix() {}

  /** True if the names fit a beginning of the pattern that is not all of it. */
  static boolean leadsOn(List<GlobComponent> pattern, List<Bytes> names) {
    BitSet at = closure(pattern, 0);
    for (Bytes name : names) {
      BitSet next = new BitSet();
      for (int p = at.nextSetBit(0); p >= 0 && p < pattern.size(); p = at.nextSetBit(p + 1)) {
        if (pattern.get(p).isAny()) {
          next.or(closure(pattern, p));
        } else if (pattern.get(p).matches(name)) {
          next.or(closure(pattern, p + 1));
        }
      }
      at = next;
    }
    int first = at.nextSetBit(0);
    return first >= 0 && first < pattern.size();
  }

  /** The places that stand for the same as this one: {@code **} may be nothing. */
  private static BitSet closure(List<GlobComponent> pattern, int from) {
    BitSet places = new BitSet();
    int p = from;
    places.set(p);
    while (p < pattern.size() && pattern.get(p).isAny()) {
      places.set(++p);
    }
    return places;
  }
}
