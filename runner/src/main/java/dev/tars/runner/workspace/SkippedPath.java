package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;

/**
 * A path of the workspace that is not in its baseline. A skipped directory stands for all in it.
 */
public record SkippedPath(RelativePath path, Reason reason) {
  /** Why. */
  public enum Reason {
    HIDDEN,
    SCRATCH,
    SPECIAL_FILE,
    NESTED_MOUNT,
    UNREADABLE
  }
}
