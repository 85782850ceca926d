package dev.tars.runner.workspace;

import java.util.Arrays;
import org.eclipse.jgit.diff.RawText;
import org.eclipse.jgit.diff.RawTextComparator;
import org.eclipse.jgit.diff.Sequence;
import org.eclipse.jgit.diff.SequenceComparator;

/** Texts as numbers: one for each kind of line, the same in both texts. Eight bytes a line. */
final class LineNumbers {
  private final RawText before;
  private final RawText after;

  /** Line of {@code before}, or past its end of {@code after}, that stands for a kind; -1 none. */
  private final int[] table;

  private final int[] kindOf;

  final int[] old;
  final int[] now;
  private int kinds;

  LineNumbers(RawText before, RawText after) {
    this.before = before;
    this.after = after;
    int lines = before.size() + after.size();
    this.table = new int[Integer.highestOneBit(Math.max(1, lines)) * 4];
    this.kindOf = new int[lines];
    Arrays.fill(table, -1);
    this.old = numbers(before, 0);
    this.now = numbers(after, before.size());
  }

  /** How many kinds there are; they are numbered from 0. */
  int kinds() {
    return kinds;
  }

  private int[] numbers(RawText text, int first) {
    int[] numbers = new int[text.size()];
    for (int i = 0; i < numbers.length; i++) {
      int hash = RawTextComparator.DEFAULT.hash(text, i) * 0x9e3779b1;
      int slot = (hash ^ hash >>> 15) & (table.length - 1);
      while (table[slot] >= 0 && !isSame(text, i, table[slot])) {
        slot = (slot + 1) & (table.length - 1);
      }
      if (table[slot] < 0) {
        table[slot] = first + i;
        kindOf[first + i] = kinds++;
      }
      numbers[i] = kindOf[table[slot]];
    }
    return numbers;
  }

  private boolean isSame(RawText text, int line, int known) {
    return known < before.size()
        ? RawTextComparator.DEFAULT.equals(text, line, before, known)
        : RawTextComparator.DEFAULT.equals(text, line, after, known - before.size());
  }

  /** A stretch of one text, for an algorithm that takes sequences. */
  static final class Stretch extends Sequence {
    private final int[] numbers;
    private final int from;
    private final int to;

    Stretch(int[] numbers, int from, int to) {
      this.numbers = numbers;
      this.from = from;
      this.to = to;
    }

    @Override
    public int size() {
      return to - from;
    }

    private int at(int index) {
      return numbers[from + index];
    }
  }

  /** Compares numbers. */
  static final class Comparator extends SequenceComparator<Stretch> {
    @Override
    public boolean equals(Stretch a, int i, Stretch b, int j) {
      return a.at(i) == b.at(j);
    }

    @Override
    public int hash(Stretch stretch, int index) {
      return stretch.at(index);
    }
  }
}
