package dev.tars.runner.plan;

import dev.tars.runner.model.Escape;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Says which line a text that is not there was probably meant to match. Never applied. */
final class NearMiss {
  private static final int MAX_LINE = 400;
  private static final int MAX_LINES = 50_000;

  private NearMiss() {}

  /** One note, or none if nothing is near. Both texts have one character a byte. */
  static List<String> describe(String text, String find, String file) {
    String wanted = find.lines().filter(l -> !l.isBlank()).findFirst().orElse("");
    if (wanted.isEmpty() || wanted.length() > MAX_LINE) {
      return List.of();
    }
    List<String> lines = text.lines().limit(MAX_LINES).toList();
    int best = -1;
    int bestDistance = wanted.length() / 2 + 1;
    String squeezed = squeeze(wanted);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (squeeze(line).equals(squeezed)) {
        return List.of("nearest: " + file + ":" + (i + 1) + ", " + whiteSpace(wanted, line));
      }
      if (Math.abs(line.length() - wanted.length()) < bestDistance && line.length() <= MAX_LINE) {
        int distance = distance(wanted, line, bestDistance);
        if (distance < bestDistance) {
          bestDistance = distance;
          best = i;
        }
      }
    }
    if (best < 0) {
      return List.of();
    }
    String shown =
        new String(lines.get(best).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    return List.of(
        "nearest: "
            + file
            + ":"
            + (best + 1)
            + ", "
            + bestDistance
            + (bestDistance == 1 ? " character differs" : " characters differ"),
        "that line is: " + Escape.line(shown));
  }

  private static String squeeze(String line) {
    return line.strip().replaceAll("[ \t\r]+", " ");
  }

  private static String whiteSpace(String wanted, String line) {
    String a = indent(wanted);
    String b = indent(line);
    if (a.equals(b)) {
      return "only white space differs";
    }
    return "the indentation differs (" + name(b) + " instead of " + name(a) + ")";
  }

  private static String indent(String line) {
    return line.substring(0, line.length() - line.stripLeading().length());
  }

  private static String name(String indent) {
    long tabs = indent.chars().filter(c -> c == '\t').count();
    long spaces = indent.chars().filter(c -> c == ' ').count();
    if (tabs == 0 && spaces == 0) {
      return "none";
    }
    String t = tabs == 0 ? "" : tabs == 1 ? "a tab" : tabs + " tabs";
    String s = spaces == 0 ? "" : spaces == 1 ? "a space" : spaces + " spaces";
    return t.isEmpty() ? s : s.isEmpty() ? t : t + " and " + s;
  }

  /** Levenshtein distance, or {@code limit} as soon as it cannot be smaller. */
  private static int distance(String a, String b, int limit) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
        least = Math.min(least, row[j]);
      }
      if (least >= limit) {
        return limit;
      }
    }
    return row[b.length()];
  }
}
