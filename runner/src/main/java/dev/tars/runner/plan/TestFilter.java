package dev.tars.runner.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A filter of tests as arguments of the tool that a command starts, by each tool's own
 * documentation. The policy is asked about the command with them.
 */
final class TestFilter {
  private static final int LONGEST = 500;

  private TestFilter() {}

  /** Why a text is no filter; empty if it is one. It never reads as an option. */
  static Optional<String> flaw(String filter) {
    boolean fine =
        !filter.isBlank()
            && filter.length() <= LONGEST
            && !filter.startsWith("-")
            && filter.chars().noneMatch(Character::isISOControl);
    return fine
        ? Optional.empty()
        : Optional.of(
            "a filter has 1 to " + LONGEST + " characters, no control among them, and no - first");
  }

  /** The command that runs the tests that the filter names; empty if its tool is not known. */
  static Optional<List<String>> lower(List<String> argv, String filter) {
    List<String> words = argv.stream().map(TestFilter::base).toList();
    boolean unittest =
        words.contains("-m") && (words.contains("unittest") || words.contains("xmlrunner"));
    if (words.contains("pytest") || words.contains("py.test") || unittest) {
      return Optional.of(added(argv, argv.size(), "-k", filter));
    }
    if (words.contains("jest") || words.contains("vitest")) {
      return Optional.of(added(argv, argv.size(), "-t", filter));
    }
    if (words.contains("mocha")) {
      return Optional.of(added(argv, argv.size(), "--grep", filter));
    }
    return switch (words.getFirst()) {
      case "mvn", "mvnw", "mvnd" ->
          Optional.of(
              added(
                  argv,
                  argv.size(),
                  "-Dtest=" + filter,
                  "-Dsurefire.failIfNoSpecifiedTests=false"));
      case "gradle", "gradlew" -> after(argv, words, "test", "--tests", filter);
      case "node" -> after(argv, words, "--test", "--test-name-pattern=" + filter);
      case "go" -> after(argv, words, "test", "-run", filter);
      case "cargo" -> after(argv, words, "test", filter);
      default -> Optional.empty();
    };
  }

  /** Behind a word: what follows it may be files or packages. */
  private static Optional<List<String>> after(
      List<String> argv, List<String> words, String word, String... arguments) {
    int at = words.indexOf(word);
    return at < 0 ? Optional.empty() : Optional.of(added(argv, at + 1, arguments));
  }

  private static List<String> added(List<String> argv, int at, String... arguments) {
    List<String> result = new ArrayList<>(argv);
    result.addAll(at, List.of(arguments));
    return result;
  }

  private static String base(String word) {
    String name = word.substring(word.lastIndexOf('/') + 1);
    return name.replaceFirst("\\.(js|mjs|cmd|bat)$", "");
  }
}
