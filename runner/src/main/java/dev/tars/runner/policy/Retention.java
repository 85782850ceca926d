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
    Optional<ByteCount> maxDisk) {}
