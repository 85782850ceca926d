package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.validation.checks.Contents;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Change;
import java.util.List;
import java.util.Optional;

/** The bytes of a change set from the store, verified as they are read. */
public record StoredContents(Baseline baseline, ObjectStore objects) implements Contents {
  @Override
  public byte[] before(Change change) {
    return bytes(change.before());
  }

  @Override
  public byte[] after(Change change) {
    return bytes(change.after());
  }

  @Override
  public Optional<TreeEntry> baseline(RelativePath path) {
    return baseline.entry(path);
  }

  @Override
  public List<RelativePath> baselineChildren(RelativePath directory) {
    return baseline.below(directory).stream()
        .filter(path -> path.parent().equals(directory))
        .toList();
  }

  private byte[] bytes(Optional<TreeEntry> entry) {
    TreeEntry.RegularFile file = (TreeEntry.RegularFile) entry.orElseThrow();
    return objects.read(file.content(), file.size());
  }
}
