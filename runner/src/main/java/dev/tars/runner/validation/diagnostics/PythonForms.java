package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Frames, and the message below them, as Python prints an exception. The innermost frame in the
 * workspace is the place.
 */
final class PythonForms implements Forms {
  private static final Pattern MESSAGE =
      Pattern.compile("[A-Za-z_][\\w.]{0,200}(?:Error|Exception|Exit|Interrupt|Failure)\\b.*+");

  private final SourcePaths paths;
  private Optional<Location> innermost = Optional.empty();

  PythonForms(SourcePaths paths) {
    this.paths = paths;
  }

  @Override
  public void line(String line, Consumer<Found> found) {
    String text = line.startsWith("E   ") ? line.substring(4) : line;
    Optional<Frame> frame = Frame.of(text).filter(Frame::lastIsInnermost);
    if (frame.isPresent()) {
      Location location = frame.get().location();
      innermost = location.in(paths).isPresent() ? Optional.of(location) : innermost;
    } else if (MESSAGE.matcher(text).matches()) {
      innermost.ifPresent(at -> found.accept(new Found(at, text)));
      innermost = Optional.empty();
    }
  }
}
