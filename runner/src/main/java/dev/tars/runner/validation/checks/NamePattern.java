package dev.tars.runner.validation.checks;

import java.util.List;

/** Names of consecutive path components, in lower case, {@code *} for any run of characters. */
record NamePattern(String group, boolean rooted, List<String> names) {
  NamePattern {
    names = List.copyOf(names);
  }

  static NamePattern parse(String group, String line) {
    boolean rooted = line.startsWith("/");
    return new NamePattern(group, rooted, List.of((rooted ? line.substring(1) : line).split("/")));
  }

  boolean matches(List<String> components) {
    int last = rooted ? 0 : components.size() - names.size();
    for (int at = 0; at <= last && at + names.size() <= components.size(); at++) {
      boolean all = true;
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
