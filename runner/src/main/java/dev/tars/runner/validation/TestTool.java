package dev.tars.runner.validation;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The program that a test gate runs, as far as its command line says; never what it printed. */
enum TestTool {
  PYTEST(Set.of(1)),
  UNITTEST(Set.of(1)),
  MAVEN(Set.of(1)),
  GRADLE(Set.of(1)),
  NODE(Set.of(1)),
  JEST(Set.of(1)),
  MOCHA(Set.of()),
  VITEST(Set.of(1)),
  GO(Set.of(1)),
  CARGO(Set.of(100, 101)),
  PHPUNIT(Set.of(1, 2)),
  /** A script, say, or a tool that we do not know. */
  OTHER(Set.of(1));

  private static final Pattern STOPS =
      Pattern.compile(
          "--?bail(=[^0].*)?|--exitfirst|--maxfail(=[^0].*)?|--?fail-?fast(=.*)?"
              + "|-D(surefire|failsafe)\\.skipAfterFailureCount=[^0].*"
              + "|--stop-on-(?!.*skip).*|--fail-at-first.*|--max-?failures?(=[^0].*)?|--halt-on-.*",
          Pattern.CASE_INSENSITIVE);

  @SuppressWarnings("ImmutableEnumChecker") // made by Set.of alone
  private final Set<Integer> redExits;

  TestTool(Set<Integer> redExits) {
    this.redExits = redExits;
  }

  static TestTool of(List<String> argv) {
    List<String> words = argv.stream().map(TestTool::base).toList();
    boolean module = words.contains("-m");
    if (words.contains("pytest") || words.contains("py.test")) {
      return PYTEST;
    }
    if (module && (words.contains("unittest") || words.contains("xmlrunner"))) {
      return UNITTEST;
    }
    for (TestTool tool : List.of(JEST, MOCHA, VITEST, PHPUNIT)) {
      if (words.contains(tool.name().toLowerCase(Locale.ROOT))) {
        return tool;
      }
    }
    return switch (words.getFirst()) {
      case "mvn", "mvnw", "mvnd" -> MAVEN;
      case "gradle", "gradlew" -> GRADLE;
      case "node" -> words.contains("--test") ? NODE : OTHER;
      case "go", "gotestsum" -> GO;
      case "cargo", "cargo-nextest" -> CARGO;
      default -> OTHER;
    };
  }

  private static String base(String word) {
    String name = word.substring(word.lastIndexOf('/') + 1);
    return name.replaceFirst("\\.(js|mjs|cmd|bat|phar)$", "");
  }

  /** True if this exit status is how the tool says that some tests failed. */
  boolean meansTestsFailed(int exitCode, int red) {
    // A script may start mocha, and ends as mocha does.
    boolean counts = this == MOCHA || this == OTHER;
    return redExits.contains(exitCode) || (counts && exitCode == Math.min(red, 255));
  }

  /** True if the status that says that tests failed is another for each kind of failure. */
  boolean variesByFailure() {
    return this == PHPUNIT;
  }

  /** True if the command line says that the first failures end the run. */
  static boolean stopsEarly(List<String> argv) {
    TestTool tool = of(argv);
    return (tool == CARGO && !argv.contains("--no-fail-fast"))
        || argv.stream().skip(1).anyMatch(word -> tool.isStop(word));
  }

  private boolean isStop(String word) {
    boolean ofTool =
        switch (this) {
          case PYTEST -> word.matches("-[qvsl]*x[qvsl]*");
          case UNITTEST -> word.equals("-f");
          case MOCHA -> word.equals("-b");
          case MAVEN -> word.equals("-ff");
          default -> false;
        };
    return ofTool || STOPS.matcher(word).matches();
  }
}
