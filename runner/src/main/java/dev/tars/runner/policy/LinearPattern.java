package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.tars.runner.yaml.YamlMap;
import java.util.Optional;

/** Regular expressions of a policy, for an engine whose time is linear in the text. */
final class LinearPattern {
  private static final int MAX_LENGTH = 512;

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
}
