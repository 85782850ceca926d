package dev.tars.runner.validation.diagnostics;

import java.util.List;
import java.util.function.Consumer;

/** A family of ways to print problems; sees every line once, in order, and remembers little. */
interface Forms {
  /** A problem at a place, if the file is one of the workspace. */
  record Found(Location location, String message) {}

  void line(String line, Consumer<Found> found);

  /** What is still open when the output ends. */
  default void end(Consumer<Found> found) {}

  static List<Forms> all(SourcePaths paths) {
    return List.of(
        new HeadedForms(),
        new PytestForms(),
        new PhpForms(),
        new RustForms(),
        new PythonForms(paths),
        new StackForms(paths),
        new ListedForms(paths));
  }
}
