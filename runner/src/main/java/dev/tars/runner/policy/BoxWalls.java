package dev.tars.runner.policy;

import java.util.Optional;

/**
 * How boxes are made.
 *
 * @param runtime the engine's runtime of exactly this name; empty means the engine's default
 * @param seccomp which system calls a box may use
 */
public record BoxWalls(Optional<String> runtime, Seccomp seccomp) {
  /** What holds where no layer says anything. */
  public static final BoxWalls STANDARD = new BoxWalls(Optional.empty(), Seccomp.STRICT);

  /** The list of system calls. */
  public enum Seccomp {
    /** Our own list. */
    STRICT,
    /** The list that the engine has built in; wider. */
    ENGINE_DEFAULT
  }
}
