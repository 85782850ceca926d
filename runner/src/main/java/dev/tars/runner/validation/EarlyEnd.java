package dev.tars.runner.validation;

import dev.tars.runner.validation.tests.Extent;
import java.util.List;
import java.util.Optional;

/** Reasons why a run with red tests may not have shown all that there was to run. */
final class EarlyEnd {
  private static final String UNKNOWN = ": how many tests were expected is not known";

  private EarlyEnd() {}

  /**
   * The first such reason.
   *
   * @param ran tests that ran
   */
  static Optional<String> of(List<String> argv, Extent extent, int ran) {
    TestTool tool = TestTool.of(argv);
    if (TestTool.stopsEarly(argv)) {
      return Optional.of("the command stops at a red test, and there is one" + UNKNOWN);
    }
    if (extent.endsRed() && ran > 1 && tool != TestTool.NODE) {
      return Optional.of("the last test that ran is red, and may have ended the run" + UNKNOWN);
    }
    if (extent.modules() && tool == TestTool.MAVEN) {
      return Optional.of("Maven tests no module after one with a red test" + UNKNOWN);
    }
    if (extent.modules() && tool == TestTool.GRADLE && !argv.contains("--continue")) {
      return Optional.of("Gradle without --continue ends at a red task" + UNKNOWN);
    }
    return extent.hidesHooks()
        ? Optional.of(
            "Node's JUnit report does not show hooks that fail, and red tests hide the exit code:"
                + " add a TAP report")
        : Optional.empty();
  }
}
