package dev.tars.runner.validation.diagnostics;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A path on a line of its own, and lines of problems in it below: eslint. */
final class ListedForms implements Forms {
  private static final Pattern PROBLEM =
      Pattern.compile("\\s++(\\d{1,7}+):(\\d{1,6}+)\\s++error\\s++(.++)");

  private final SourcePaths paths;
  private Optional<String> file = Optional.empty();

  ListedForms(SourcePaths paths) {
    this.paths = paths;
  }

  @Override
  public void line(String line, Consumer<Found> found) {
    Matcher problem = PROBLEM.matcher(line);
    if (problem.matches()) {
      file.ifPresent(path ->
          found.accept(
              new Found(
                  new Location(
                      path,
                      Location.number(problem.group(1)),
                      Location.number(problem.group(2)),
                      ""),
                  problem.group(3))));
    } else if (!line.isBlank() && !Character.isWhitespace(line.charAt(0))) {
      file = paths.find(line, 0, 0).isPresent() ? Optional.of(line) : Optional.empty();
    }
  }
}
