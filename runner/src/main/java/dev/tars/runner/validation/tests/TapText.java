package dev.tars.runner.validation.tests;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the explanation of a TAP result says. */
final class TapText {
  private static final Pattern ERROR =
      Pattern.compile("(?m)^(?:error|message): (?:(['\"])(.*)\\1|(?:\\|-?|>-?)\\n(.*)|(.*))$");

  private TapText() {}

  /** The message, or the empty string. */
  static String error(String block) {
    Matcher error = ERROR.matcher(block);
    if (!error.find()) {
      return "";
    }
    for (int group = 2; group <= 4; group++) {
      if (error.group(group) != null) {
        return error.group(group);
      }
    }
    return "";
  }
}
