package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides which file the names of a diff mean. A first directory is a prefix, and no part of the
 * name, only where both sides have one and the two differ, as {@code a/} and {@code b/} do. What
 * could be read in two ways is no name.
 */
final class PatchNames {
  private static final Pattern TIME =
      Pattern.compile(
          "(1969-12-31|1970-01-01) ([0-2][0-9]):([0-5][0-9]):00(?:\\.0+)? ([-+])([0-2][0-9]):?([0-5][0-9])\\s*");

  private PatchNames() {}

  /**
   * One side of a diff.
   *
   * @param name as it stands there, without quotes; empty for {@code /dev/null}
   * @param absent true if there is no file on this side
   */
  record Side(Optional<Bytes> name, boolean absent) {
    /** Reads what follows {@code ---} or {@code +++} and a space. */
    static Side of(String text) {
      // git ends a name that has a space with a tab, also a quoted one; others put a time there.
      int end = text.startsWith("\"") ? GitNames.quotedEnd(text) : text.indexOf('\t');
      String name = end >= 0 ? text.substring(0, end) : text;
      String after = end >= 0 ? text.substring(end).strip() : "";
      if (name.equals("/dev/null")) {
        return new Side(Optional.empty(), true);
      }
      boolean absent =
          isEpoch(after) || after.equals("(nonexistent)") || after.equals("(revision 0)");
      return new Side(Optional.of(GitNames.unquote(name)), absent);
    }
  }

  /** The time with which {@code diff -N} marks a file that is not there, in any zone. */
  private static boolean isEpoch(String time) {
    Matcher m = TIME.matcher(time);
    if (!m.matches()) {
      return false;
    }
    int minutes = number(m, 2) * 60 + number(m, 3);
    int zone = number(m, 5) * 60 + number(m, 6);
    int utc = minutes - (m.group(4).equals("-") ? -zone : zone);
    return utc == (m.group(1).startsWith("1969") ? 24 * 60 : 0);
  }

  private static int number(Matcher m, int group) {
    return Integer.parseInt(m.group(group));
  }

  /** The one file that both sides mean; empty if they mean two, or it cannot be told. */
  static Optional<Bytes> same(Bytes old, Bytes now) {
    boolean prefixed = isPrefixed(old, now);
    if (!prefixed && old.equals(now) && (startsWith(old, "a/") || startsWith(old, "b/"))) {
      return Optional.empty(); // a prefix that somebody wrote twice, or a directory of that name
    }
    Bytes first = prefixed ? rest(old) : old;
    Bytes second = prefixed ? rest(now) : now;
    if (isVariation(second, first)) {
      return Optional.of(first);
    }
    return first.equals(second) || isVariation(first, second)
        ? Optional.of(second)
        : Optional.empty();
  }

  /** The file that a name means whose other side is {@code /dev/null}. */
  static Optional<Bytes> alone(Bytes name) {
    if (startsWith(name, "a/") || startsWith(name, "b/")) {
      return Optional.of(rest(name));
    }
    return slash(name) < 0 ? Optional.of(name) : Optional.empty();
  }

  /** True if a name, with or without a prefix, is that of a file. */
  static boolean means(Bytes name, Bytes file) {
    return name.equals(file) || rest(name).equals(file);
  }

  private static boolean isPrefixed(Bytes old, Bytes now) {
    int a = slash(old);
    int b = slash(now);
    return a > 0 && b > 0 && !old.slice(0, a).equals(now.slice(0, b));
  }

  /** True for {@code m.py.orig} beside {@code m.py}, and for {@code m.py~}. */
  private static boolean isVariation(Bytes longer, Bytes name) {
    int n = name.length();
    return longer.length() > n
        && longer.slice(0, n).equals(name)
        && (longer.at(n) == '.' || longer.at(n) == '~')
        && slash(longer.slice(n, longer.length())) < 0;
  }

  private static Bytes rest(Bytes name) {
    return name.slice(slash(name) + 1, name.length());
  }

  private static boolean startsWith(Bytes name, String start) {
    return name.length() > start.length()
        && name.slice(0, start.length()).equals(Bytes.utf8(start));
  }

  private static int slash(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) == '/') {
        return i;
      }
    }
    return -1;
  }
}
