package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import java.time.Duration;
import java.util.List;

/**
 * The most that one command, or for {@code wallClock} one run, may use, and the walls around it.
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
    Duration wallClock,
    BoxWalls walls) {

  /** With the walls that hold where no policy says anything. */
  public ResourceLimits(
      int milliCpus,
      ByteCount memory,
      int pids,
      ByteCount disk,
      long inodes,
      int openFiles,
      ByteCount output,
      ByteCount tmp,
      Duration wallClock) {
    this(
        milliCpus,
        memory,
        pids,
        disk,
        inodes,
        openFiles,
        output,
        tmp,
        wallClock,
        BoxWalls.STANDARD);
  }

  /** The same with other walls. */
  ResourceLimits with(BoxWalls other) {
    return new ResourceLimits(
        milliCpus, memory, pids, disk, inodes, openFiles, output, tmp, wallClock, other);
  }

  /** All of it in one line, another one for any limit that differs. */
  public String line() {
    return String.join(
        " ",
        List.of(
            String.valueOf(milliCpus),
            String.valueOf(memory.bytes()),
            String.valueOf(pids),
            String.valueOf(disk.bytes()),
            String.valueOf(inodes),
            String.valueOf(openFiles),
            String.valueOf(output.bytes()),
            String.valueOf(tmp.bytes()),
            wallClock.toString(),
            walls.runtime().orElse(""),
            walls.seccomp().name()));
  }
}
