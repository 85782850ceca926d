package dev.tars.runner.validation;

import dev.tars.runner.validation.tests.TestInventory;

/** What a test gate gave on the baseline. */
public sealed interface TestsBefore {
  record Known(int exitCode, TestInventory tests) implements TestsBefore {}

  /** It ran and gave nothing to compare with: it did not compile, say, or ran no test. */
  record Unusable(String reason) implements TestsBefore {}

  default TestInventory inventory() {
    return switch (this) {
      case Known known -> known.tests();
      case Unusable unusable -> TestInventory.EMPTY;
    };
  }
}
