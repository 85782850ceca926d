package dev.tars.runner.validation.checks;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import java.util.List;
import java.util.Optional;

/** Where the bytes of a change set are. */
public interface Contents {
  /** What stood at the path of {@code change}; it is a regular file of a size that may be read. */
  byte[] before(Change change);

  /** What stands at the path of {@code change} afterwards, likewise. */
  byte[] after(Change change);

  /** What the baseline holds at any path. */
  Optional<TreeEntry> baseline(RelativePath path);

  /** What the baseline holds directly in a directory. */
  List<RelativePath> baselineChildren(RelativePath directory);
}
