package dev.tars.runner.workspace;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import java.util.List;

/**
 * What a run changed. The content of every new or changed file is in the object store under its
 * digest.
 *
 * @param baseDigest of the baseline it was read against
 * @param changes in path order, a directory before what is in it
 * @param dropped what was written but is not part of it
 * @param findings what the reader noticed; one of severity ERROR rejects the change set
 */
public record ChangeSet(
    Digest baseDigest, List<Change> changes, List<DroppedPath> dropped, List<Finding> findings) {
  public ChangeSet {
    changes = List.copyOf(changes);
    dropped = List.copyOf(dropped);
    findings = List.copyOf(findings);
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }
}
