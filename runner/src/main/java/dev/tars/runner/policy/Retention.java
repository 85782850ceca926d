package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import java.time.Duration;
import java.util.Optional;

/**
 * How long what a run left is kept; empty where no layer says it.
 *
 * @param backups pre-images of promoted changes
 * @param maxDisk what the state directory may hold in all
 */
public record Retention(
    Optional<Duration> runs,
    Optional<Duration> failedRuns,
    Optional<Duration> backups,
    Optional<Duration> logs,
    Optional<ByteCount> maxDisk) {
  static final Retention NONE =
      new Retention(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Of each value the smaller one. */
  Retention and(Retention other) {
    return new Retention(
        smaller(runs, other.runs),
        smaller(failedRuns, other.failedRuns),
        smaller(backups, other.backups),
        smaller(logs, other.logs),
        smaller(maxDisk, other.maxDisk));
  }

  private static <T extends Comparable<T>> Optional<T> smaller(Optional<T> a, Optional<T> b) {
    return a.isEmpty() ? b : a.map(x -> b.filter(y -> y.compareTo(x) < 0).orElse(x));
  }

  /** What the later file of a layer says, else what the earlier one said. */
  Retention replacedBy(Retention later) {
    return new Retention(
        later.runs.or(() -> runs),
        later.failedRuns.or(() -> failedRuns),
        later.backups.or(() -> backups),
        later.logs.or(() -> logs),
        later.maxDisk.or(() -> maxDisk));
  }
}
