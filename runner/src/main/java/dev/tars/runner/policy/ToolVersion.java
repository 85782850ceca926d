package dev.tars.runner.policy;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of tarscli, and ranges of versions: {@code >=1.0 <2.0}. */
final class ToolVersion {
  /** As in the root {@code pom.xml}; a test compares the two. */
  static final String CURRENT = "1.0.0";

  private static final Pattern BOUND =
      Pattern.compile("(>=|<=|>|<|=)([0-9]{1,6}(\\.[0-9]{1,6}){0,2})");

  private ToolVersion() {}

  /**
   * True if the version fits every bound of the range.
   *
   * @throws IllegalArgumentException if the range is not one
   */
  static boolean fits(String version, String range) {
    List<String> bounds = Arrays.stream(range.split(" +", -1)).toList();
    boolean fits = true;
    for (String text : bounds) {
      Matcher bound = BOUND.matcher(text);
      if (!bound.matches()) {
        throw new IllegalArgumentException(
            "not a range of versions; write bounds such as >=1.0 <2.0");
      }
      int order = Arrays.compare(numbers(version), numbers(bound.group(2)));
      fits &=
          switch (bound.group(1)) {
            case ">=" -> order >= 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case "<" -> order < 0;
            default -> order == 0;
          };
    }
    return fits;
  }

  private static int[] numbers(String version) {
    int[] numbers = new int[3];
    String[] parts = version.split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = Integer.parseInt(parts[i]);
    }
    return numbers;
  }
}
