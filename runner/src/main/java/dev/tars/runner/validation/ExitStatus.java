package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import java.util.Optional;

/** The exit status of a test gate against its reports and against its status before the change. */
record ExitStatus(Gate.Tests gate, TestsBefore before) {
  /** A process has no larger one. */
  private static final int LARGEST = 255;

  /** Why it does not go with the tests; empty if it does. */
  Optional<String> problem(TestModel.After after, boolean redAsBefore) {
    int exit = after.exitCode();
    int red = after.tests().red();
    if (exit == 0) {
      return red == 0
          ? Optional.empty()
          : Optional.of("exit code 0, but the reports hold " + red + " failed tests");
    }
    if (red == 0) {
      return Optional.of("exit code " + exit + ", but no failed test in the reports");
    }
    int then = before instanceof TestsBefore.Known known ? known.redExit() : 0;
    TestTool tool = TestTool.of(gate.argv());
    if (then == 0 || !redAsBefore) {
      return tool.meansTestsFailed(exit, red)
          ? Optional.empty()
          : Optional.of("exit code " + exit + " says more than that tests failed");
    }
    return isAsBefore(exit, then, red)
            || (tool.variesByFailure() && tool.meansTestsFailed(exit, red))
        ? Optional.empty()
        : Optional.of("exit code " + exit + ", before the change it was " + then);
  }

  private boolean isAsBefore(int exit, int then, int red) {
    boolean counted =
        before.history().stream()
            .anyMatch(run -> run.exitCode() == then && largest(run.tests().red()) == then);
    return exit == then || (counted && exit == largest(red));
  }

  private static int largest(int red) {
    return Math.min(red, LARGEST);
  }
}
