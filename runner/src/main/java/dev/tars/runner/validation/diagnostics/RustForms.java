package dev.tars.runner.validation.diagnostics;

import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The message above the place, as rustc prints it; and a panic, with its message below. */
final class RustForms implements Forms {
  private static final Pattern HEAD = Pattern.compile("error(?:\\[E\\d{1,6}+])?+: (.++)");
  private static final Pattern ARROW = Pattern.compile(" {0,10}+--> (.++)");
  private static final Pattern PANIC =
      Pattern.compile("thread '[^'\\n]{0,400}+' (?:\\(\\d{1,20}+\\) )?+panicked at (.++)");

  private String error = "";
  private boolean panicked;
  private Location at = new Location("", 0, 0, "");

  @Override
  public void line(String line, Consumer<Found> found) {
    if (panicked) {
      found.accept(new Found(at, line));
      panicked = false;
      return;
    }
    Matcher head = HEAD.matcher(line);
    Matcher arrow = ARROW.matcher(line);
    Matcher panic = PANIC.matcher(line);
    if (head.matches()) {
      error = head.group(1);
    } else if (arrow.matches() && !error.isEmpty()) {
      String message = error;
      Location.at(arrow.group(1)).ifPresent(place -> found.accept(new Found(place, message)));
      error = "";
    } else if (panic.matches()) {
      panic(panic.group(1), found);
    }
  }

  /** {@code src/a.rs:3:5:} since Rust 1.73, {@code 'text', src/a.rs:3:5} before. */
  private void panic(String text, Consumer<Found> found) {
    int quote = text.lastIndexOf("', ");
    if (text.startsWith("'") && quote > 0) {
      Location.at(text.substring(quote + 3))
          .ifPresent(place -> found.accept(new Found(place, text.substring(1, quote))));
    } else {
      Location.at(text)
          .ifPresent(place -> {
            at = place;
            panicked = true;
          });
    }
  }
}
