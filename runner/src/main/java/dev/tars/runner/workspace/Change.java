package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.FileOperation;
import java.util.Optional;

/**
 * One path of a change set: what stood there in the baseline and what stands there afterwards. Not
 * both are empty, and they differ.
 */
public record Change(RelativePath path, Optional<TreeEntry> before, Optional<TreeEntry> after) {
  public Change {
    if (before.equals(after)) {
      throw new IllegalArgumentException("nothing changes at " + path);
    }
  }

  public FileOperation operation() {
    if (before.isEmpty()) {
      return FileOperation.CREATE;
    }
    return after.isEmpty() ? FileOperation.DELETE : FileOperation.MODIFY;
  }
}
