package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The message, and frames below it, innermost first: Java, JavaScript, Go. Node prints the place of
 * what it cannot load above the message, and no frame of the workspace below.
 */
final class StackForms implements Forms {
  private static final Pattern SAYS =
      Pattern.compile(
          "\\s*+(?:(?:Exception in thread \"[^\"\\n]{0,100}+\"|Caused by:|Uncaught|panic:|fatal error:"
              + "|\\[ERROR]) )?+(?:[\\w.$]{0,200}(?:Error|Exception|Throwable)\\b.*+|(?<=panic: ).*+|(?<=fatal error: ).*+)");

  private final SourcePaths paths;
  private String message = "";
  private Optional<Location> above = Optional.empty();

  StackForms(SourcePaths paths) {
    this.paths = paths;
  }

  @Override
  public void line(String line, Consumer<Found> found) {
    Optional<Frame> frame = Frame.of(line).filter(f -> !f.lastIsInnermost());
    if (frame.isEmpty()) {
      if (SAYS.matcher(line).matches()) {
        end(found);
        message = line;
      }
      return;
    }
    Location location = frame.get().location();
    if (location.in(paths).isPresent()) {
      if (message.isEmpty()) {
        above = Optional.of(location);
      } else {
        found.accept(new Found(location, message));
        message = "";
        above = Optional.empty();
      }
    }
  }

  @Override
  public void end(Consumer<Found> found) {
    if (!message.isEmpty()) {
      above.ifPresent(at -> found.accept(new Found(at, message)));
      above = Optional.empty();
      message = "";
    }
  }
}
