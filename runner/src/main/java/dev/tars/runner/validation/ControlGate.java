package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.control.Control;
import dev.tars.runner.validation.control.ControlJudge;
import dev.tars.runner.validation.control.ControlRun;
import dev.tars.runner.validation.control.Planter;
import dev.tars.runner.validation.control.Planting;
import dev.tars.runner.validation.control.SentinelNames;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.ChangeSet;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Runs a test gate once more with planted tests, and on the baseline where one is amiss. */
record ControlGate(GateRunner runner, SentinelNames names) {
  /** An exit code that no process has. */
  private static final int NONE = -1;

  /**
   * Whether the gate can say no of a change.
   *
   * @param ran names of tests that the gate reported
   */
  Control run(Gate.Tests gate, ChangeSet changeSet, Set<String> ran) {
    if (TestTool.stopsEarly(gate.argv()) && TestTool.of(gate.argv()) != TestTool.CARGO) {
      return Control.uncontrolled("its command stops at the first red test");
    }
    Planting planting =
        new Planter(runner.room().originals(), changeSet, ran).plant(gate.argv(), names);
    return switch (planting) {
      case Planting.Impossible impossible -> Control.uncontrolled(impossible.reason());
      case Planting.Planted planted -> run(gate, changeSet, planted);
    };
  }

  private Control run(Gate.Tests gate, ChangeSet changeSet, Planting.Planted planted) {
    GateRun after = run(gate, "control", Optional.of(changeSet), planted);
    Duration elapsed = after.outcome().observed().elapsed();
    Optional<String> unfinished = unfinished(gate, after);
    if (unfinished.isPresent()) {
      return Control.uncontrolled("its control run did not end: " + unfinished.get())
          .after(elapsed);
    }
    ControlJudge judge = new ControlJudge(planted, seen(gate, after));
    Optional<Control> alone = judge.alone();
    if (alone.isPresent()) {
      return alone.get().after(elapsed);
    }
    GateRun before = run(gate, "control-before", Optional.empty(), planted);
    return judge
        .against(seen(gate, before))
        .after(elapsed.plus(before.outcome().observed().elapsed()));
  }

  private GateRun run(
      Gate.Tests gate, String phase, Optional<ChangeSet> content, Planting.Planted planted) {
    GateRun run = runner.run(gate, phase, content, planted.files());
    if (run.outcome() instanceof SandboxOutcome.Cancelled) {
      throw new RunnerException(FailureCode.INTERRUPTED, "the run was cancelled", "start it again");
    }
    return run;
  }

  /** Why a run says nothing of the gate: it came to a limit, which a loaded machine does too. */
  private static Optional<String> unfinished(Gate.Tests gate, GateRun run) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Ended ended -> Optional.empty();
      case Ending.Red red when red.code() == FailureCode.GATE_FAILED -> Optional.empty();
      case Ending.Red red -> Optional.of(red.reason());
      case Ending.Unjudged unjudged -> Optional.of(unjudged.reason());
    };
  }

  private static ControlRun seen(Gate.Tests gate, GateRun run) {
    TestInventory tests =
        run.reports() instanceof Reports.Read read ? read.tests() : TestInventory.EMPTY;
    return Ending.of(gate.argv(), run) instanceof Ending.Ended ended
        ? new ControlRun(ended.exitCode(), tests)
        : new ControlRun(NONE, TestInventory.EMPTY);
  }
}
