package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.List;

/**
 * A place in configuration files that no change may touch: {@code
 * pom.xml#/project/build/plugins/surefire}.
 *
 * @param pointer names from the top of the file; empty means the whole file
 */
public record LockedSetting(String text, Glob file, List<String> pointer, SourcePosition at) {
  public LockedSetting {
    pointer = List.copyOf(pointer);
  }

  /** By hand: a regular expression whose group repeats goes as deep as the text is long. */
  private static boolean isPlace(String text) {
    return text.startsWith("/")
        && !text.endsWith("/")
        && !text.contains("//")
        && text.indexOf('#') < 0;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException with a reason fit for a person
   */
  public static LockedSetting parse(String text, SourcePosition at) {
    int hash = text.indexOf('#');
    String file = hash < 0 ? text : text.substring(0, hash);
    String pointer = hash < 0 ? "" : text.substring(hash + 1);
    if (hash >= 0 && !isPlace(pointer)) {
      throw new IllegalArgumentException("after '#' stands a path such as /project/build/plugins");
    }
    if (hash >= 0 && !file.matches(".*\\.(xml|json)")) {
      throw new IllegalArgumentException(
          "a place can be locked in .xml and .json files; lock others as a whole, without '#'");
    }
    List<String> names = pointer.isEmpty() ? List.of() : List.of(pointer.substring(1).split("/"));
    return new LockedSetting(text, Globs.compile(file), names, at);
  }
}
