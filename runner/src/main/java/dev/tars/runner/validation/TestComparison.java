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
    Lists lists = new Lists();
    after.tests().forEach((name, now) -> lists.add(name, before.status(name), now));
    for (String name : before.tests().keySet()) {
      if (!after.tests().containsKey(name) && !name.endsWith(TestInventory.NOT_LOADED)) {
        // A test whose class no longer loads is broken, not gone.
        after
            .status(name)
            .ifPresentOrElse(
                now -> lists.add(name, before.status(name), now),
                () -> lists.vanished.add(Escape.line(name)));
      }
    }
    return new TestDelta(
        after.run(),
        after.red(),
        after.count(TestStatus.SKIPPED),
        sorted(lists.fixed),
        sorted(lists.broken),
        sorted(lists.stillFailing),
        sorted(lists.added),
        sorted(lists.vanished),
        sorted(lists.newlySkipped));
  }

  /** Red tests that are neither broken nor were red before. */
  static int newFailures(TestInventory before, TestInventory after) {
    return (int)
        after.tests().entrySet().stream()
            .filter(test -> test.getValue().red() && before.status(test.getKey()).isEmpty())
            .count();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  private static final class Lists {
    private final List<String> fixed = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final List<String> stillFailing = new ArrayList<>();
    private final List<String> added = new ArrayList<>();
    private final List<String> vanished = new ArrayList<>();
    private final List<String> newlySkipped = new ArrayList<>();

    void add(String name, Optional<TestStatus> then, TestStatus now) {
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
    }
  }
}
