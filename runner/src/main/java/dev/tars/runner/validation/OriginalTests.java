package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A change set without what it does to tests. */
final class OriginalTests {
  private OriginalTests() {}

  private static boolean isTest(Change change, TestIntegrity integrity) {
    boolean newDirectory =
        change.before().isEmpty() && change.after().orElse(null) instanceof TreeEntry.Directory;
    return !newDirectory && integrity.paths().stream().anyMatch(g -> g.matches(change.path()));
  }

  private static ChangeSet with(ChangeSet changeSet, List<Change> kept) {
    return new ChangeSet(changeSet.baseDigest(), kept, changeSet.dropped(), changeSet.findings());
  }

  /** The new code beside the tests of the baseline; empty if it touches no test or only tests. */
  static Optional<ChangeSet> of(ChangeSet changeSet, TestIntegrity integrity) {
    Set<RelativePath> restored = new HashSet<>();
    for (Change change : changeSet.changes()) {
      if (isTest(change, integrity)) {
        restored.add(change.path());
      }
    }
    if (restored.isEmpty()) {
      return Optional.empty();
    }
    Set<RelativePath> needed = directoriesAround(restored);
    List<Change> kept =
        changeSet.changes().stream()
            .filter(change -> !restored.contains(change.path()))
            .filter(change -> !(needed.contains(change.path()) && losesDirectory(change)))
            .filter(change -> !isBelowRestoredFile(change.path(), changeSet, restored))
            .toList();
    return kept.isEmpty() ? Optional.empty() : Optional.of(with(changeSet, kept));
  }

  private static Set<RelativePath> directoriesAround(Set<RelativePath> paths) {
    Set<RelativePath> result = new HashSet<>();
    for (RelativePath path : paths) {
      for (RelativePath p = path.parent(); !p.isRoot() && result.add(p); p = p.parent()) {}
    }
    return result;
  }

  /** A directory of the baseline that goes would take the restored test with it. */
  private static boolean losesDirectory(Change change) {
    return change.before().orElse(null) instanceof TreeEntry.Directory
        && !(change.after().orElse(null) instanceof TreeEntry.Directory);
  }

  /** Where a test file became a directory, what is in it has no place beside the file. */
  private static boolean isBelowRestoredFile(
      RelativePath path, ChangeSet changeSet, Set<RelativePath> restored) {
    for (RelativePath p = path.parent(); !p.isRoot(); p = p.parent()) {
      if (restored.contains(p)) {
        RelativePath parent = p;
        return changeSet.changes().stream()
            .filter(c -> c.path().equals(parent))
            .anyMatch(c -> !(c.before().orElse(null) instanceof TreeEntry.Directory));
      }
    }
    return false;
  }
}
