package dev.tars.runner.validation.checks;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The baseline with a change set on it, path by path. */
final class AfterTree {
  private final Map<RelativePath, Change> changes = new HashMap<>();
  private final Contents contents;

  AfterTree(ChangeSet changeSet, Contents contents) {
    this.contents = contents;
    changeSet.changes().forEach(change -> changes.put(change.path(), change));
  }

  Optional<TreeEntry> entry(RelativePath path) {
    Change change = changes.get(path);
    return change == null ? contents.baseline(path) : change.after();
  }

  Optional<TreeEntry> before(RelativePath path) {
    return contents.baseline(path);
  }

  boolean isLink(RelativePath path) {
    return entry(path).orElse(null) instanceof TreeEntry.Symlink;
  }
}
