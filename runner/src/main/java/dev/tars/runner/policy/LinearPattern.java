package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Matcher;

/** Regular expressions of a policy, for an engine whose time is linear in the text. */
final class LinearPattern {
  private static final int MAX_LENGTH = 512;

  /** The engine's time also grows with the pattern, once its repetitions are written out. */
  private static final long MAX_SIZE = 2_000;

  private static final java.util.regex.Pattern TIMES =
      java.util.regex.Pattern.compile("\\{([0-9]{1,9})(,([0-9]{0,9}))?}");

  private LinearPattern() {}

  /** Compiles; what is not an expression, or a far too large one, becomes a problem. */
  static Optional<Pattern> compile(YamlMap map, YamlMap.Placed text) {
    if (text.text().isEmpty() || text.text().length() > MAX_LENGTH) {
      map.problems()
          .add(
              text.at(),
              "a regular expression has 1 to " + MAX_LENGTH + " characters",
              "write a shorter one");
      return Optional.empty();
    }
    if (size(text.text()) > MAX_SIZE) {
      map.problems()
          .add(
              text.at(),
              "the repetitions of the expression multiply beyond measure",
              "repeat less, or use * and +");
      return Optional.empty();
    }
    try {
      return Optional.of(Pattern.compile(text.text()));
    } catch (PatternSyntaxException e) {
      map.problems()
          .add(
              text.at(),
              "not a regular expression that takes linear time (RE2): " + e.getDescription(),
              "write it without back references and look-around");
      return Optional.empty();
    }
  }

  /** Characters of the expression once every counted repetition is written out; an upper bound. */
  static long size(String expression) {
    Deque<Long> open = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    Matcher times = TIMES.matcher(expression);
    for (int i = 0; i < expression.length() && sum <= MAX_SIZE; i++) {
      char c = expression.charAt(i);
      if (c == '(') {
        open.push(sum);
        sum = 0;
        last = 0;
      } else if (c == ')' && !open.isEmpty()) {
        last = sum + 1;
        sum = open.pop() + last;
      } else if (c == '{' && times.region(i, expression.length()).lookingAt()) {
        sum += last * (Math.max(number(times.group(1)), number(times.group(3))) - 1);
        last = 0; // a repetition of a repetition is an error of its own
        i = times.end() - 1;
      } else {
        last = 1;
        sum++;
        i += c == '\\' ? 1 : 0;
      }
    }
    return Math.max(sum, open.stream().mapToLong(Long::longValue).max().orElse(0));
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null || digits.isEmpty() ? 1 : Long.parseLong(digits);
  }
}
