package dev.tars.runner.validation.checks;

import java.util.List;

/**
 * Names of consecutive path components, in lower case, {@code *} for any run of characters.
 *
 * @param directory true if the names are directories that hold the path, false if the last of them
 *     is the path itself
 */
record NamePattern(String group, boolean directory, List<String> names) {
  NamePattern {
    names = List.copyOf(names);
  }

  static NamePattern parse(String group, String line) {
    boolean directory = line.endsWith("/");
    String names = directory ? line.substring(0, line.length() - 1) : line;
    return new NamePattern(group, directory, List.of(names.split("/", -1)));
  }

  boolean matches(List<String> components) {
    int last = components.size() - names.size();
    for (int at = directory ? 0 : Math.max(0, last); at + names.size() <= components.size(); at++) {
      boolean all = !directory || at < last;
      for (int i = 0; i < names.size() && all; i++) {
        all = matches(names.get(i), components.get(at + i));
      }
      if (all) {
        return true;
      }
    }
    return false;
  }

  /** Greedy with one point to come back to: linear for one star, never exponential. */
  private static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
