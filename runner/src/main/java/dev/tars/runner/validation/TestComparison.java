package dev.tars.runner.validation;

import dev.tars.runner.model.Escape;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two inventories to a {@link TestDelta}. */
final class TestComparison {
  private TestComparison() {}

  static TestDelta compare(TestInventory before, TestInventory after) {
    List<String> fixed = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    List<String> stillFailing = new ArrayList<>();
    List<String> added = new ArrayList<>();
    List<String> newlySkipped = new ArrayList<>();
    after
        .tests()
        .forEach((name, now) -> {
          Optional<TestStatus> then = Optional.ofNullable(before.tests().get(name));
          String shown = Escape.line(name);
          if (then.isEmpty()) {
            added.add(shown);
          } else if (now == TestStatus.SKIPPED) {
            // A test that failed and is now skipped is hidden, not fixed.
            if (then.get() != TestStatus.SKIPPED) {
              newlySkipped.add(shown);
            }
          } else if (now.red()) {
            (then.get().red() ? stillFailing : broken).add(shown);
          } else if (then.get().red()) {
            fixed.add(shown);
          }
        });
    List<String> vanished =
        before.tests().keySet().stream()
            .filter(name -> !after.tests().containsKey(name))
            .map(Escape::line)
            .toList();
    return new TestDelta(
        after.run(),
        after.red(),
        after.count(TestStatus.SKIPPED),
        fixed,
        broken,
        stillFailing,
        added,
        vanished,
        newlySkipped);
  }
}
