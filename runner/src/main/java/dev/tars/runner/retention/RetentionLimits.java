package dev.tars.runner.retention;

import dev.tars.runner.policy.Retention;
import java.time.Duration;

/**
 * What a collection leaves alone, and how much the state directory may hold.
 *
 * @param young what was put or renewed more recently may be needed by a run that has not said so
 * @param recent transactions that are younger stay, also over the cap
 * @param newest so many transactions of each workspace stay, also over the cap
 * @param maxDisk bytes
 */
public record RetentionLimits(
    Duration young,
    Duration recent,
    int newest,
    Duration runs,
    Duration failedRuns,
    Duration logs,
    long maxDisk) {

  /** Late writes are looked for as long as this, so nothing younger can be complete. */
  private static final Duration LEAST = Duration.ofHours(24);

  /** What the policy says, else the defaults of {@code docs/promotion.md}. */
  public static RetentionLimits of(Retention retention) {
    Duration backups = retention.backups().orElse(LEAST);
    return new RetentionLimits(
        LEAST,
        backups.compareTo(LEAST) < 0 ? LEAST : backups,
        5,
        retention.runs().orElse(Duration.ofDays(90)),
        retention.failedRuns().orElse(Duration.ofDays(180)),
        retention.logs().orElse(Duration.ofDays(30)),
        retention.maxDisk().map(b -> b.bytes()).orElse(20L << 30));
  }
}
