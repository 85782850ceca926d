package dev.tars.runner.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Names of variables with stars: {@code TEST_*}, {@code *TOKEN*}. */
record NamePatterns(List<String> patterns) {
  NamePatterns {
    patterns = List.copyOf(patterns);
  }

  /** These and more. */
  NamePatterns and(List<String> more) {
    List<String> all = new ArrayList<>(patterns);
    all.addAll(more);
    return new NamePatterns(all);
  }

  /** In any case: programs on some systems take {@code aws_token} for {@code AWS_TOKEN}. */
  boolean matchInAnyCase(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return patterns.stream().anyMatch(p -> match(p.toUpperCase(Locale.ROOT), upper));
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
