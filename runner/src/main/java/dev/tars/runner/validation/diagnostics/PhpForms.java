package dev.tars.runner.validation.diagnostics;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The message, and the place behind it: {@code PHP Parse error: text in a.php on line 3}. */
final class PhpForms implements Forms {
  private static final Pattern HEAD =
      Pattern.compile(
          "(?:PHP )?+(?:Parse|Fatal|Catchable fatal|Compile|Recoverable fatal) error: ++");

  @Override
  public void line(String line, Consumer<Found> found) {
    Matcher head = HEAD.matcher(line);
    int in = line.lastIndexOf(" in ");
    if (!head.lookingAt() || in < head.end()) {
      return;
    }
    String place = line.substring(in + " in ".length());
    String message = line.substring(head.end(), in);
    int on = place.lastIndexOf(" on line ");
    if (on > 0) {
      place = place.substring(0, on) + ":" + place.substring(on + " on line ".length());
    }
    Location.at(place.strip()).ifPresent(at -> found.accept(new Found(at, message)));
  }
}
