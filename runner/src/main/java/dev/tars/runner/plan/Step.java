package dev.tars.runner.plan;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One step of a plan.
 *
 * @param when the step is skipped if it is false, and fails if it has no value
 * @param retries how often a failed step is tried again
 * @param checks what must hold after the action, all of it
 * @param rollback how this step alone is undone in the layer
 */
public record Step(
    String id,
    StepType type,
    List<Dependency> dependsOn,
    Optional<Condition> when,
    StepAction action,
    Duration timeout,
    int retries,
    OnFailure onFailure,
    List<StepCheck> checks,
    Optional<Undo> rollback,
    SourcePosition at) {
  public Step {
    dependsOn = List.copyOf(dependsOn);
    checks = List.copyOf(checks);
  }

  /** The step runs only if the other one ended so. */
  public record Dependency(String step, Result result) {}

  /** How a step ended. {@code ANY} is for dependencies only. */
  @PublicApi
  public enum Result {
    PASSED,
    FAILED,
    SKIPPED,
    ANY
  }

  /** What a failure does to the rest of the plan. */
  public enum OnFailure {
    STOP,
    CONTINUE,
    ROLLBACK
  }

  /** How a step is undone: from a backup step, or by deleting what it created. */
  public sealed interface Undo {
    /** {@code from} is the id of a FileBackup step, or empty for the step's own pre-image. */
    record RestoreBackup(Optional<String> from) implements Undo {}

    record DeleteCreated() implements Undo {}
  }
}
