package dev.tars.cli;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Colours the lines of a patch, given in their order. A line within a hunk is known by the hunk's
 * counts, so a removed {@code -- x} is no header.
 */
final class PatchPaint implements UnaryOperator<String> {
  private static final Pattern HUNK =
      Pattern.compile("@@ -\\d{1,9}(?:,(\\d{1,9}))? \\+\\d{1,9}(?:,(\\d{1,9}))? @@.*");

  private final Paint paint;
  private long before;
  private long after;

  PatchPaint(Paint paint) {
    this.paint = paint;
  }

  @Override
  public String apply(String line) {
    if (before > 0 || after > 0) {
      return within(line);
    }
    Matcher hunk = HUNK.matcher(line);
    if (hunk.matches()) {
      before = count(hunk.group(1));
      after = count(hunk.group(2));
      return paint.place(line);
    }
    return line.startsWith("\\") ? paint.dim(line) : paint.strong(line);
  }

  private String within(String line) {
    char first = line.isEmpty() ? ' ' : line.charAt(0);
    switch (first) {
      case '+' -> after--;
      case '-' -> before--;
      case '\\' -> {
        return paint.dim(line);
      }
      default -> {
        before--;
        after--;
      }
    }
    return switch (first) {
      case '+' -> paint.good(line);
      case '-' -> paint.bad(line);
      default -> line;
    };
  }

  private static long count(String group) {
    return group == null ? 1 : Long.parseLong(group);
  }
}
