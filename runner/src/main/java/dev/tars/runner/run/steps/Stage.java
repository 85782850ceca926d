package dev.tars.runner.run.steps;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.workspace.LayerWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * What the steps of one run work on.
 *
 * @param context id of the run, for labels
 * @param room policy, image, layer and caches that every command shares
 * @param deadline when the whole run must have ended
 */
public record Stage(
    String context, SandboxSpecs.Room room, LayerWriter writer, Instant deadline, Clock clock) {

  /** Lowers one command step to a spec; its deadline is what is left of the run's. */
  SandboxSpec spec(Step step, StepAction.RunCommand run) {
    requireDirectory(step, run);
    Duration left = Duration.between(clock.instant(), deadline);
    if (left.isNegative() || left.isZero()) {
      throw RunnerException.of(FailureCode.TIMEOUT, "the time of the whole run is used up")
          .at(step.at())
          .note("step " + step.id() + " was not started")
          .help("raise resources.wallClock in the policy, or make the plan shorter");
    }
    Duration limit = step.timeout().compareTo(left) < 0 ? step.timeout() : left;
    return SandboxSpecs.lower(
        room,
        new SandboxSpecs.Command(
            run.argv(),
            run.cwd(),
            run.env(),
            limit,
            new SandboxSpec.Owner(context, "step:" + step.id())));
  }

  /**
   * The engine would make a missing directory, as root, and would follow a link out of the tree.
   */
  private void requireDirectory(Step step, StepAction.RunCommand run) {
    if (!run.cwd().isRoot()
        && writer.entry(run.cwd()).filter(TreeEntry.Directory.class::isInstance).isEmpty()) {
      throw RunnerException.of(
              FailureCode.PLAN_INVALID, "cwd " + run.cwd() + " is not a directory of the workspace")
          .at(step.at())
          .note("a symbolic link is not followed")
          .help("name a directory that exists when the step begins");
    }
  }
}
