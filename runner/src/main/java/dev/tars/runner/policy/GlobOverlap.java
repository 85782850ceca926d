package dev.tars.runner.policy;

import java.util.List;

/** Whether two patterns have a path in common, and whether one surely holds all of another. */
final class GlobOverlap {
  private GlobOverlap() {}

  /** True if some path is matched by both. */
  static boolean overlap(Glob a, Glob b) {
    for (List<GlobComponent> one : a.alternatives()) {
      for (List<GlobComponent> other : b.alternatives()) {
        if (overlap(one, other)) {
          return true;
        }
      }
    }
    return false;
  }

  /** True only if every path that {@code inner} matches is surely matched by {@code outer}. */
  static boolean covers(Glob outer, Glob inner) {
    return inner.alternatives().stream()
        .allMatch(one -> outer.alternatives().stream().anyMatch(other -> covers(other, one)));
  }

  private static boolean overlap(List<GlobComponent> a, List<GlobComponent> b) {
    boolean[][] from = new boolean[a.size() + 1][b.size() + 1];
    for (int i = a.size(); i >= 0; i--) {
      for (int j = b.size(); j >= 0; j--) {
        from[i][j] = overlapFrom(a, i, b, j, from);
      }
    }
    return from[0][0];
  }

  private static boolean overlapFrom(
      List<GlobComponent> a, int i, List<GlobComponent> b, int j, boolean[][] from) {
    boolean endA = i == a.size();
    boolean endB = j == b.size();
    if (endA && endB) {
      return true;
    }
    // '**' is nothing, or takes what the other side has next.
    boolean anyA = !endA && a.get(i).isAny();
    boolean anyB = !endB && b.get(j).isAny();
    if (anyA && (from[i + 1][j] || (!endB && from[i][j + 1]))) {
      return true;
    }
    if (anyB && (from[i][j + 1] || (!endA && from[i + 1][j]))) {
      return true;
    }
    return !endA && !endB && !anyA && !anyB && a.get(i).overlaps(b.get(j)) && from[i + 1][j + 1];
  }

  private static boolean covers(List<GlobComponent> outer, List<GlobComponent> inner) {
    boolean[][] from = new boolean[outer.size() + 1][inner.size() + 1];
    for (int i = outer.size(); i >= 0; i--) {
      for (int j = inner.size(); j >= 0; j--) {
        from[i][j] = coversFrom(outer, i, inner, j, from);
      }
    }
    return from[0][0];
  }

  private static boolean coversFrom(
      List<GlobComponent> outer, int i, List<GlobComponent> inner, int j, boolean[][] from) {
    boolean end = j == inner.size();
    if (i == outer.size()) {
      return end;
    }
    if (outer.get(i).isAny()) {
      // One that ends in '**' needs a name below; one in the middle may be nothing.
      boolean last = i == outer.size() - 1;
      return last ? !end : (from[i + 1][j] || (!end && from[i][j + 1]));
    }
    return !end && !inner.get(j).isAny() && outer.get(i).covers(inner.get(j)) && from[i + 1][j + 1];
  }
}
