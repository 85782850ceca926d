package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;

/** A path that a run wrote and that is not in the change set. */
public record DroppedPath(RelativePath path, Reason reason) {
  /** Why. A dropped directory stands for all in it. */
  public enum Reason {
    SCRATCH,
    IGNORED
  }
}
