package dev.tars.runner.sandbox;

import java.time.Duration;

/** What the host saw of one command. The container is dead and gone in every case. */
public sealed interface SandboxOutcome {
  /** What was printed, and what it cost. */
  Observation observed();

  /** It ended by itself, no limit was hit. */
  record Exited(int code, Observation observed) implements SandboxOutcome {}

  record TimedOut(Duration limit, Observation observed) implements SandboxOutcome {}

  /** A process was killed for memory, whatever the exit status says. */
  record OutOfMemory(Observation observed) implements SandboxOutcome {}

  /** The layer grew past its limit in bytes or entries, or the host is short of space. */
  record DiskLimit(String what, Observation observed) implements SandboxOutcome {}

  /** More was printed than is kept; it was killed then, unless it had just ended. */
  record OutputLimit(Observation observed) implements SandboxOutcome {}

  /** The image has no such program, or it cannot be started in the directory. */
  record NotStarted(String reason, Observation observed) implements SandboxOutcome {}

  /** We were asked to stop. */
  record Cancelled(Observation observed) implements SandboxOutcome {}

  /**
   * @param tail the last lines of output, escaped, at most 8 KiB
   * @param outputBytes all that was printed, also what was not kept
   * @param elapsed from start to the end of the process
   */
  record Observation(String tail, long outputBytes, Duration elapsed) {}
}
