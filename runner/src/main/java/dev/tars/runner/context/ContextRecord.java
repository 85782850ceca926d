package dev.tars.runner.context;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.Told;
import java.time.Instant;
import java.util.Optional;

/**
 * All that is known of one run. What a run never writes cannot be built: the constructor throws
 * {@link IllegalArgumentException} with a sentence that names what is missing or contradicts.
 */
@PublicApi
public record ContextRecord(Origin origin, Evidence evidence, Progress progress, Results results) {

  /**
   * How far it came.
   *
   * @param exitCode of the command that it last ended with; 0 before
   * @param next what a person can do now; empty if nothing
   * @param endedAt when it last ended
   * @param lastEvent number of its last event
   */
  public record Progress(
      State state, int exitCode, Told next, Optional<Instant> endedAt, long lastEvent) {
    public Progress {
      if (exitCode < 0 || exitCode > 255) {
        throw new IllegalArgumentException("its exitCode is none");
      }
      if (lastEvent < 0) {
        throw new IllegalArgumentException("its lastEvent is no number of an event");
      }
      boolean successful =
          switch (state) {
            case State.Working _ -> true;
            case Ending.Done done -> done != Ending.Done.DRY_RUN_PASSED || exitCode == 0;
            case Ending.Waiting _, Ending.Failed _ -> exitCode != 0;
          };
      if (!successful) {
        throw new IllegalArgumentException("its exitCode is not that of its state");
      }
      if (state instanceof Ending && state != Ending.Failed.LOST && endedAt.isEmpty()) {
        throw new IllegalArgumentException("its endedAt is missing");
      }
    }
  }

  public ContextRecord {
    if (isJudged(progress.state())) {
      require(evidence.changes().isPresent(), "its changeSet is missing");
      require(evidence.verdict().isPresent(), "its verdict is missing");
    }
    if (progress.state() instanceof Ending.Failed failed && failed.hasFailure()) {
      require(results.failure().isPresent(), "its failure is missing");
    }
    if (progress.state() instanceof Ending.Done done) {
      boolean rolledBack = done == Ending.Done.ROLLED_BACK;
      require(results.rolledBack() == rolledBack, "its rolledBack is not that of its state");
    }
  }

  /** These come after a change set and a verdict on it; nobody waits to approve anything else. */
  private static boolean isJudged(State state) {
    return switch (state) {
      case State.Working working ->
          working == State.Working.APPROVED || working == State.Working.PROMOTING;
      case Ending.Done done -> done == Ending.Done.DRY_RUN_PASSED || done == Ending.Done.PROMOTED;
      case Ending.Waiting _ -> true;
      case Ending.Failed _ -> false;
    };
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  public ContextId id() {
    return origin.id();
  }

  public State state() {
    return progress.state();
  }

  public int exitCode() {
    return progress.exitCode();
  }

  /** True while a process works on it, or should. */
  public boolean isWorking() {
    return progress.state() instanceof State.Working;
  }

  /** The same as a reader concludes it whose process is gone. */
  ContextRecord lost() {
    Progress lost =
        new Progress(
            Ending.Failed.LOST,
            FailureCode.ENGINE_LOST.exitCode(),
            Told.plain("its process died; `tarscli execute recover`, then run it again"),
            progress.endedAt(),
            progress.lastEvent());
    return new ContextRecord(origin, evidence, lost, results);
  }
}
