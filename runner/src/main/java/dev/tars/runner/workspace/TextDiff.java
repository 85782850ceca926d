package dev.tars.runner.workspace;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.IntStream;
import org.eclipse.jgit.diff.Edit;
import org.eclipse.jgit.diff.EditList;
import org.eclipse.jgit.diff.MyersDiff;
import org.eclipse.jgit.diff.RawText;

/**
 * The line difference of two texts that nobody vouches for: lines that both hold exactly once are
 * matched first, in the longest order they share ("patience"), then the stretches between them.
 * What is left goes to the exact algorithm, whose cost grows with the square, as long as a budget
 * lasts; then it counts as replaced. So time and memory are bounded, and a difference is never
 * smaller than it is.
 */
final class TextDiff {
  /** Comparisons of lines that the exact algorithm may make in all: about a second. */
  private static final long EXACT_COST = 100_000_000;

  private static final int DEPTH = 40;

  private final int[] old;
  private final int[] now;

  /** Of each kind of line, within the stretch at hand: how often, and where last. */
  private final int[] oldCount;

  private final int[] nowCount;
  private final int[] oldLine;

  private final EditList edits = new EditList();
  private final Deque<Stretch> open = new ArrayDeque<>();
  private long budget = EXACT_COST;

  private record Stretch(int oldFrom, int oldTo, int nowFrom, int nowTo, int depth) {}

  private TextDiff(LineNumbers numbers) {
    this.old = numbers.old;
    this.now = numbers.now;
    this.oldCount = new int[numbers.kinds()];
    this.nowCount = new int[numbers.kinds()];
    this.oldLine = new int[numbers.kinds()];
  }

  /** The edits in order, line numbers from 0, ends exclusive, an equal line between any two. */
  static EditList between(RawText before, RawText after) {
    TextDiff diff = new TextDiff(new LineNumbers(before, after));
    diff.open.push(new Stretch(0, before.size(), 0, after.size(), 0));
    while (!diff.open.isEmpty()) {
      diff.stretch(diff.open.pop());
    }
    return joined(diff.edits);
  }

  private void stretch(Stretch whole) {
    int a = whole.oldFrom;
    int aEnd = whole.oldTo;
    int b = whole.nowFrom;
    int bEnd = whole.nowTo;
    while (a < aEnd && b < bEnd && old[a] == now[b]) {
      a++;
      b++;
    }
    while (a < aEnd && b < bEnd && old[aEnd - 1] == now[bEnd - 1]) {
      aEnd--;
      bEnd--;
    }
    if (a == aEnd && b == bEnd) {
      return;
    }
    if (a == aEnd || b == bEnd) {
      edits.add(new Edit(a, aEnd, b, bEnd));
      return;
    }
    int[] matches = whole.depth < DEPTH ? matches(a, aEnd, b, bEnd) : new int[0];
    if (matches.length == 0) {
      exact(a, aEnd, b, bEnd);
      return;
    }
    for (int i = 0; i < matches.length; i += 2) {
      open.push(new Stretch(a, matches[i], b, matches[i + 1], whole.depth + 1));
      a = matches[i] + 1;
      b = matches[i + 1] + 1;
    }
    open.push(new Stretch(a, aEnd, b, bEnd, whole.depth + 1));
  }

  /** Pairs of an old and a new line, one after the other: those that both hold exactly once. */
  private int[] matches(int a, int aEnd, int b, int bEnd) {
    for (int i = a; i < aEnd; i++) {
      oldCount[old[i]]++;
      oldLine[old[i]] = i;
    }
    for (int j = b; j < bEnd; j++) {
      nowCount[now[j]]++;
    }
    int[] unique =
        IntStream.range(b, bEnd)
            .filter(j -> nowCount[now[j]] == 1 && oldCount[now[j]] == 1)
            .toArray();
    for (int i = a; i < aEnd; i++) {
      oldCount[old[i]] = 0;
    }
    for (int j = b; j < bEnd; j++) {
      nowCount[now[j]] = 0;
    }
    return inOrder(unique);
  }

  /** The longest choice of these new lines whose old lines are in order too. */
  private int[] inOrder(int[] lines) {
    int[] last = new int[lines.length]; // of the choices of each length, the one that ends first
    int[] before = new int[lines.length];
    int length = 0;
    for (int i = 0; i < lines.length; i++) {
      int low = 0;
      for (int high = length; low < high; ) {
        int middle = (low + high) >>> 1;
        if (oldLine[now[lines[last[middle]]]] < oldLine[now[lines[i]]]) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      before[i] = low == 0 ? -1 : last[low - 1];
      last[low] = i;
      length = Math.max(length, low + 1);
    }
    int[] pairs = new int[2 * length];
    for (int at = length == 0 ? -1 : last[length - 1], i = length - 1; i >= 0; i--) {
      pairs[2 * i] = oldLine[now[lines[at]]];
      pairs[2 * i + 1] = lines[at];
      at = before[at];
    }
    return pairs;
  }

  private void exact(int a, int aEnd, int b, int bEnd) {
    long lines = (long) aEnd - a + bEnd - b;
    if (lines * lines > budget) {
      edits.add(new Edit(a, aEnd, b, bEnd));
      return;
    }
    budget -= lines * lines;
    EditList found =
        MyersDiff.INSTANCE.diff(
            new LineNumbers.Comparator(),
            new LineNumbers.Stretch(old, a, aEnd),
            new LineNumbers.Stretch(now, b, bEnd));
    for (Edit edit : found) {
      edits.add(
          new Edit(
              a + edit.getBeginA(), a + edit.getEndA(), b + edit.getBeginB(), b + edit.getEndB()));
    }
  }

  private static EditList joined(EditList edits) {
    edits.sort(Comparator.comparingInt(Edit::getBeginA).thenComparingInt(Edit::getBeginB));
    EditList joined = new EditList();
    for (Edit edit : edits) {
      Edit last = joined.isEmpty() ? null : joined.getLast();
      if (last != null
          && last.getEndA() == edit.getBeginA()
          && last.getEndB() == edit.getBeginB()) {
        joined.set(
            joined.size() - 1,
            new Edit(last.getBeginA(), edit.getEndA(), last.getBeginB(), edit.getEndB()));
      } else {
        joined.add(edit);
      }
    }
    return joined;
  }
}
