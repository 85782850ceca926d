package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import java.time.Duration;

/**
 * The most that one command, or for {@code wallClock} one run, may use.
 *
 * @param milliCpus thousandths of a processor
 * @param memory memory and swap together
 * @param disk bytes that a layer may grow by
 * @param inodes entries that a layer may grow by
 * @param openFiles file descriptors of one process
 * @param output bytes of standard output and error that are kept
 * @param tmp size of {@code /tmp}; counts against memory
 */
public record ResourceLimits(
    int milliCpus,
    ByteCount memory,
    int pids,
    ByteCount disk,
    long inodes,
    int openFiles,
    ByteCount output,
    ByteCount tmp,
    Duration wallClock) {}
