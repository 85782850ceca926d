package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Names of variables with stars: {@code TEST_*}, {@code *TOKEN*}; each with where it stands. */
record NamePatterns(List<PolicyLayer.Placed<String>> patterns) {
  static final NamePatterns NONE = new NamePatterns(List.of());

  NamePatterns {
    patterns = List.copyOf(patterns);
  }

  /** These and more. */
  NamePatterns and(List<PolicyLayer.Placed<String>> more) {
    List<PolicyLayer.Placed<String>> all = new ArrayList<>(patterns);
    all.addAll(more);
    return new NamePatterns(all);
  }

  /** In any case: programs on some systems take {@code aws_token} for {@code AWS_TOKEN}. */
  Optional<SourcePosition> matchInAnyCase(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return patterns.stream()
        .filter(p -> match(p.value().toUpperCase(Locale.ROOT), upper))
        .map(PolicyLayer.Placed::at)
        .findFirst();
  }

  /** Where the first pattern stands that matches. */
  Optional<SourcePosition> match(String name) {
    return patterns.stream()
        .filter(p -> match(p.value(), name))
        .map(PolicyLayer.Placed::at)
        .findFirst();
  }

  static boolean match(String pattern, String name) {
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
