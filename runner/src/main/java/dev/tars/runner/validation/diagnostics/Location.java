package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place as it is printed, and what is printed behind it. Every pattern is anchored and has a
 * bound, so that a line costs time in proportion to its length.
 */
record Location(String path, int line, int column, String rest) {
  private static final String FILE = "([^:\\n]{1,500}+)";

  /** {@code a.c:3:5: text}: C, C++, Go, javac, Kotlin, Ruby, eslint, pytest, TypeScript. */
  private static final Pattern COLONS =
      Pattern.compile(FILE + ":(\\d{1,7}+)(?::(\\d{1,6}+))?+(?::(?: |$|(?=in ))| - | |$)");

  /** {@code A.java:[3,5] text}: the compiler plug-in of Maven. */
  private static final Pattern BRACKETS =
      Pattern.compile(FILE + ":\\[(\\d{1,7}+)(?:,(\\d{1,6}+))?+] ");

  /** {@code a.ts(3,5): text}: TypeScript and .NET; {@code A.kt: (3, 5): text}: older Kotlin. */
  private static final Pattern PARENTHESES =
      Pattern.compile("([^\\n]{1,500}?)(?:: )?\\((\\d{1,7}+),? ?(\\d{1,6}+)?+\\): ");

  /** {@code a.c:(.text+0x5): undefined reference}: a linker that has no lines. */
  private static final Pattern SECTION = Pattern.compile(FILE + ":\\(\\.text[^)\\n]{0,200}+\\): ");

  private static final Pattern EXCEPTION = Pattern.compile("(?:[A-Z][\\w.]{0,100}+)?+");

  /** The place at the begin of a text. */
  static Optional<Location> at(String printed) {
    String text = printed.startsWith("file://") ? printed.substring(7) : printed;
    for (Pattern form : new Pattern[] {COLONS, BRACKETS, PARENTHESES}) {
      Matcher matcher = form.matcher(text);
      if (matcher.lookingAt()) {
        return Optional.of(
            new Location(
                matcher.group(1),
                number(matcher.group(2)),
                number(matcher.group(3)),
                text.substring(matcher.end())));
      }
    }
    Matcher section = SECTION.matcher(text);
    return section.lookingAt()
        ? Optional.of(new Location(section.group(1), 0, 0, text.substring(section.end())))
        : Optional.empty();
  }

  /** True for a call as pytest prints it: nothing behind the place, or the exception's name. */
  boolean isCall() {
    return EXCEPTION.matcher(rest.strip()).matches();
  }

  static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  Optional<Place> in(SourcePaths paths) {
    return paths.find(path, line, column);
  }
}
