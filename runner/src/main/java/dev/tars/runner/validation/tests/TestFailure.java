package dev.tars.runner.validation.tests;

import java.util.regex.Pattern;

/**
 * What a report says of a test that failed, unescaped. It is text of the tool or of the test: it is
 * shown, and never decides but in {@link #shape}.
 *
 * @param message its first line, at most {@value #LONGEST_MESSAGE} characters; may be empty
 * @param text the trace, at most {@value #LONGEST_TEXT} characters; may be empty
 */
public record TestFailure(String message, String text) {
  static final int LONGEST_MESSAGE = 500;
  static final int LONGEST_TEXT = 4_000;

  /** What differs from run to run: numbers, addresses, words with digits, what is quoted. */
  private static final Pattern VARYING = Pattern.compile("[A-Za-z_]*[0-9][A-Za-z0-9_]*");

  public static final TestFailure NONE = new TestFailure("", "");

  public TestFailure {
    message = cut(message.strip().lines().findFirst().orElse(""), LONGEST_MESSAGE);
    text = cut(text.strip(), LONGEST_TEXT);
  }

  /** The message without what differs from run to run; equal for failures of the same kind. */
  public String shape() {
    return VARYING.matcher(message).replaceAll("…").replaceAll("\\s+", " ");
  }

  /** The same; a first line that is only the test's name, as PHPUnit writes it, is none. */
  TestFailure without(String name) {
    if (!message.equals(name) && !message.startsWith(name + " (")) {
      return this;
    }
    int end = text.indexOf('\n');
    return new TestFailure(end < 0 ? "" : text.substring(end), text);
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end);
  }
}
