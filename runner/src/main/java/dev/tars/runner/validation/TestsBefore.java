package dev.tars.runner.validation;

import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.List;
import java.util.Optional;

/** What a test gate gave on the baseline. */
public sealed interface TestsBefore {
  /** One run. */
  record Run(int exitCode, long millis, TestInventory tests) {
    public Run {
      tests = Attempts.settled(exitCode, tests);
    }
  }

  /** One run or several; the first is the oldest. */
  record Known(List<Run> runs) implements TestsBefore {
    public Known {
      runs = List.copyOf(runs);
      if (runs.isEmpty()) {
        throw new IllegalArgumentException("no run");
      }
    }

    /** What one run gave. */
    public Known(int exitCode, TestInventory tests) {
      this(List.of(new Run(exitCode, 0, tests)));
    }

    /** How often a test was seen and how it ended. */
    Seen seen(String name) {
      List<TestStatus> ends =
          runs.stream().map(run -> run.tests().status(name)).flatMap(Optional::stream).toList();
      int red = (int) ends.stream().filter(TestStatus::red).count();
      int skipped = (int) ends.stream().filter(s -> s == TestStatus.SKIPPED).count();
      return new Seen(runs.size(), ends.size(), red, skipped);
    }

    /** The first red exit code, 0 if no run was red. */
    int redExit() {
      return runs.stream().mapToInt(Run::exitCode).filter(code -> code != 0).findFirst().orElse(0);
    }
  }

  /** A test over the runs of a baseline. */
  record Seen(int runs, int seen, int red, int skipped) {
    boolean isAbsent() {
      return seen == 0;
    }

    boolean always() {
      return seen == runs;
    }

    boolean alwaysRed() {
      return red > 0 && red == seen;
    }

    boolean unstable() {
      return red > 0 && red < seen;
    }

    boolean alwaysSkipped() {
      return skipped > 0 && skipped == seen;
    }
  }

  /** It ran and gave nothing to compare with: it did not compile, say, or ran no test. */
  record Unusable(String reason) implements TestsBefore {}

  /** The runs; none if they gave nothing to compare with. */
  default List<Run> history() {
    return switch (this) {
      case Known known -> known.runs();
      case Unusable unusable -> List.of();
    };
  }
}
