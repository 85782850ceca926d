package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** What test gates gave on the baseline, kept for the next run on the same baseline. */
@FunctionalInterface
public interface BeforeResults {
  /**
   * The kept result of at least so many runs; runs that are missing are made, and kept.
   *
   * @param runs how many are wanted; fewer are given if one gives nothing to compare with
   * @param run runs the gate on the baseline; its argument is the number of the run, from 1
   */
  TestsBefore of(Gate.Tests gate, int runs, IntFunction<TestsBefore> run);

  /** The kept result with so many runs, made by {@code run} where there are fewer. */
  static TestsBefore fill(TestsBefore kept, int runs, IntFunction<TestsBefore> run) {
    TestsBefore all = kept;
    while (all.history().size() < runs) {
      TestsBefore next = run.apply(all.history().size() + 1);
      if (next.history().isEmpty()) {
        return all.history().isEmpty() ? next : all;
      }
      List<TestsBefore.Run> both = new ArrayList<>(all.history());
      both.addAll(next.history());
      all = new TestsBefore.Known(both);
    }
    return all;
  }
}
