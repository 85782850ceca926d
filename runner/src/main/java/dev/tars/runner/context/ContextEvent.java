package dev.tars.runner.context;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.plan.Step;
import dev.tars.runner.validation.GateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened in a run.
 *
 * @param seq 1 for the first of a context; 0 if it cannot be read
 * @param at empty if it cannot be read
 */
@PublicApi
public record ContextEvent(long seq, Optional<Instant> at, ContextId context, What what) {

  /** What it was. */
  public sealed interface What {}

  /** The context is in another state from now on. */
  public record Entered(State state) implements What {}

  /**
   * A step begins.
   *
   * @param type of the step, as a plan spells it
   */
  public record StepStarted(String step, String type) implements What {}

  /**
   * A step has ended, or will be tried again.
   *
   * @param reason one sentence, escaped; empty if it passed
   */
  public record StepEnded(
      String step,
      String type,
      Step.Result result,
      Duration elapsed,
      String reason,
      Optional<FailureCode> code,
      boolean again)
      implements What {}

  /** A gate begins; {@code phase} is {@code before} or {@code after} the change. */
  public record GateStarted(String gate, String phase) implements What {}

  /** A gate has ended; the reason is empty if it passed. */
  public record GateEnded(String gate, GateResult.Result result, Duration elapsed, Told reason)
      implements What {}

  /** A sentence for who watches. */
  public record Note(Told text) implements What {}

  /** The change is in the workspace. */
  public record Promoted(TransactionId transaction) implements What {}

  /** The change is a patch on record. */
  public record PatchWritten(Results.PatchRecord patch) implements What {}

  /** A line of the log that is no event, at this byte of it: a power cut may leave one. */
  public record Unreadable(long atByte) implements What {}
}
