package dev.tars.runner.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What happened in a run, in its order. Text is as it came.
 *
 * @param ranBy name of the operating system user
 * @param ended when it last ended; empty while it goes on
 * @param waitsFor what people must still agree to, as sentences; empty if nobody is waited for
 * @param answers approvals and rejections, as the audit log has them
 * @param transactions promotions and rollbacks
 */
public record RunHistory(
    String ranBy,
    Instant begun,
    Optional<Instant> ended,
    List<Step> steps,
    List<String> waitsFor,
    List<Answer> answers,
    List<Moved> transactions) {
  public RunHistory {
    steps = List.copyOf(steps);
    waitsFor = List.copyOf(waitsFor);
    answers = List.copyOf(answers);
    transactions = List.copyOf(transactions);
  }

  /** The time from its begin to its end, if it has ended. */
  public Optional<Duration> duration() {
    return ended.map(end -> Duration.between(begun, end));
  }

  /** How one step of the plan ended; the reason is empty if it passed. */
  public record Step(String id, String result, Duration elapsed, String reason) {}

  /**
   * What a person said.
   *
   * @param said {@code approved} or {@code rejected}
   * @param overrides gates that the answer overrides
   */
  public record Answer(
      String who, Instant at, String said, String comment, List<String> overrides) {
    public Answer {
      overrides = List.copyOf(overrides);
    }
  }

  /** A promotion or a rollback, for example {@code TX-1 promote committed}. */
  public record Moved(String id, String kind, String state) {}
}
