package dev.tars.runner.policy;

import java.util.Arrays;

/** The few numbers, among thousands, of the rules that match. */
final class RuleNumbers {
  private int[] numbers = {};
  private int count;

  void addAll(int[] more) {
    if (more.length == 0) {
      return;
    }
    if (count + more.length > numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(8, 2 * (count + more.length)));
    }
    System.arraycopy(more, 0, numbers, count, more.length);
    count += more.length;
  }

  /** Each once, ascending. */
  int[] sorted() {
    if (count < 2) {
      return count == numbers.length ? numbers : Arrays.copyOf(numbers, count);
    }
    Arrays.sort(numbers, 0, count);
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || numbers[i] != numbers[i - 1]) {
        numbers[kept++] = numbers[i];
      }
    }
    count = kept;
    return Arrays.copyOf(numbers, kept);
  }
}
