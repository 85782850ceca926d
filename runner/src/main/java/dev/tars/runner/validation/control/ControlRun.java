package dev.tars.runner.validation.control;

import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.List;
import java.util.Map;

/**
 * What a run with planted tests gave.
 *
 * @param exitCode 0 if the command did not end by itself
 * @param tests empty if its reports cannot be read
 */
public record ControlRun(int exitCode, TestInventory tests) {
  /** What became of a planted test. */
  enum Shown {
    RIGHT,
    WRONG,
    MISSING
  }

  Shown shown(Sentinel sentinel) {
    List<TestStatus> found =
        tests.tests().entrySet().stream()
            .filter(entry -> entry.getKey().contains(sentinel.name()))
            .map(Map.Entry::getValue)
            .toList();
    if (found.isEmpty()) {
      return Shown.MISSING;
    }
    boolean right = found.stream().allMatch(s -> sentinel.red() ? s.red() : s == TestStatus.PASSED);
    return right ? Shown.RIGHT : Shown.WRONG;
  }
}
