package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import java.util.function.Supplier;

/** What test gates gave on the baseline, kept for the next run on the same baseline. */
@FunctionalInterface
public interface BeforeResults {
  /**
   * The kept result, or what {@code run} gives, which is kept if it would be the same again.
   *
   * @param run runs the gate on the baseline
   */
  TestsBefore of(Gate.Tests gate, Supplier<TestsBefore> run);
}
