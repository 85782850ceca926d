package dev.tars.runner.report;

/**
 * Which part of a changed line is new: what is between the beginning and the end that both share.
 */
final class WordDiff {
  /** A share of the line that differs; from {@code from} up to {@code to}. */
  record Span(int from, int to) {
    static final Span NONE = new Span(0, 0);

    boolean isEmpty() {
      return from >= to;
    }
  }

  /** The parts of the two lines that differ. */
  record Spans(Span before, Span after) {}

  private static final int LONGEST = 2_000;

  private WordDiff() {}

  /** No part where nothing is shared, or where a line is too long to be worth it. */
  static Spans between(String before, String after) {
    if (before.length() > LONGEST || after.length() > LONGEST) {
      return new Spans(Span.NONE, Span.NONE);
    }
    int most = Math.min(before.length(), after.length());
    int head = 0;
    while (head < most && before.charAt(head) == after.charAt(head)) {
      head++;
    }
    int tail = 0;
    while (tail < most - head
        && before.charAt(before.length() - 1 - tail) == after.charAt(after.length() - 1 - tail)) {
      tail++;
    }
    if (isWordAt(before, head) || isWordAt(after, head)) {
      head = wordStart(before, head);
    }
    int end = before.length() - tail;
    if (isWordAt(before, end - 1) || isWordAt(after, after.length() - tail - 1)) {
      tail = before.length() - wordEnd(before, end);
    }
    boolean alike = most > 0 && before.substring(0, head).strip().length() + tail >= most / 4;
    return alike
        ? new Spans(new Span(head, before.length() - tail), new Span(head, after.length() - tail))
        : new Spans(Span.NONE, Span.NONE);
  }

  private static int wordStart(String text, int at) {
    int start = at;
    while (start > 0 && isWord(text.charAt(start - 1))) {
      start--;
    }
    return start;
  }

  private static int wordEnd(String text, int at) {
    int end = at;
    while (end < text.length() && isWord(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isWordAt(String text, int at) {
    return at >= 0 && at < text.length() && isWord(text.charAt(at));
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || Character.isSurrogate(c);
  }
}
