package dev.tars.runner.plan;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines of a diff, found once and cut out when they are asked for. */
final class PatchLines {
  private final String text;
  private final int[] starts;

  PatchLines(String text) {
    this.text = text;
    int[] found = new int[1024];
    int count = 0;
    for (int start = 0; start < text.length(); ) {
      if (count + 1 >= found.length) {
        found = Arrays.copyOf(found, found.length * 2);
      }
      found[count++] = start;
      int end = text.indexOf('\n', start);
      start = end < 0 ? text.length() : end + 1;
    }
    found[count] = text.length();
    this.starts = Arrays.copyOf(found, count + 1);
  }

  /** A line as text, which may be anything. */
  static String utf8(String line) {
    return new String(line.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  int size() {
    return starts.length - 1;
  }

  /** A line with its end. */
  String get(int line) {
    return range(line, line + 1);
  }

  /** A line without its end, LF or CRLF; what else is there belongs to it. */
  String content(int line) {
    int end = starts[line + 1];
    if (end > starts[line] && text.charAt(end - 1) == '\n') {
      end--;
      if (end > starts[line] && text.charAt(end - 1) == '\r') {
        end--;
      }
    }
    return text.substring(starts[line], end);
  }

  /** The lines from {@code from} (inclusive) to {@code to} (exclusive), as they are. */
  String range(int from, int to) {
    return text.substring(starts[from], starts[to]);
  }

  /** False also for a line beyond the last. */
  boolean startsWith(int line, String start) {
    return line < size() && text.startsWith(start, starts[line]);
  }
}
