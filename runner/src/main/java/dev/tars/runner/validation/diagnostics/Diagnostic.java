package dev.tars.runner.validation.diagnostics;

import dev.tars.runner.model.Escape;

/**
 * A problem at a place in the workspace, as a tool printed it. It can be made up by what ran in the
 * box: only that the file is in the workspace was looked at.
 *
 * @param message one line, escaped, at most {@value #LONGEST} characters before that
 */
public record Diagnostic(Place place, String message) {
  static final int LONGEST = 300;

  /** One whose message is still as it was printed. */
  static Diagnostic printed(Place place, String message) {
    return new Diagnostic(place, line(message));
  }

  /** Text from the box as one bounded line, escaped. */
  public static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return Escape.line(line.length() <= LONGEST ? line : line.substring(0, cut(line)) + " …");
  }

  private static int cut(String line) {
    return Character.isHighSurrogate(line.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
  }
}
