package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.ChangeSet;
import java.util.Optional;

/**
 * What the new tests prove: they run on the code of the baseline too, and the ones that are red
 * there and green with the change show what it does. It decides nothing.
 */
public final class NewTestsOnOldCode {
  private final GateRunner runner;
  private final TestIntegrity integrity;

  public NewTestsOnOldCode(CleanRoom room, TestIntegrity integrity, ValidationProgress progress) {
    this.runner = new GateRunner(room, progress);
    this.integrity = integrity;
  }

  /** What came of it. */
  public sealed interface Proof {
    /** {@code fixed} are the tests that fail on the old code and pass on the new. */
    record Compared(TestDelta delta) implements Proof {}

    /** On the old code they gave no result: they do not compile there, say. */
    record NoResult(String reason) implements Proof {}

    /** The change set holds no test, or nothing but tests. */
    record NothingToProve() implements Proof {}
  }

  /**
   * Runs one gate on the baseline with the tests of the change set.
   *
   * @param after the tests as they ended with the whole change set
   */
  public Proof of(Gate.Tests gate, ChangeSet changeSet, TestInventory after) {
    Optional<ChangeSet> tests = OriginalTests.only(changeSet, integrity);
    if (tests.isEmpty()) {
      return new Proof.NothingToProve();
    }
    GateRun run = runner.run(gate, "new-tests-on-old-code", tests);
    String ending =
        switch (Ending.of(gate.argv(), run)) {
          case Ending.Ended ended -> "exit code " + ended.exitCode();
          case Ending.Red red -> red.reason();
          case Ending.Unjudged unjudged -> unjudged.reason();
        };
    return switch (run.reports()) {
      case Reports.Unreadable unreadable -> new Proof.NoResult(unreadable.reason());
      case Reports.Read read when read.tests().tests().isEmpty() ->
          new Proof.NoResult(ending + " and no test");
      case Reports.Read read -> new Proof.Compared(TestComparison.compare(read.tests(), after));
    };
  }
}
