package dev.tars.runner.policy;

import java.util.List;

/** Names of variables with stars: {@code TEST_*}, {@code *TOKEN*}. */
record NamePatterns(List<String> patterns) {
  NamePatterns {
    patterns = List.copyOf(patterns);
  }

  boolean match(String name) {
    return patterns.stream().anyMatch(p -> match(p, name));
  }

  private static boolean match(String pattern, String name) {
    int p = 0;
    int n = 0;
    int backPattern = -1;
    int backName = -1;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        backPattern = ++p;
        backName = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (backPattern >= 0) {
        p = backPattern;
        n = ++backName;
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
