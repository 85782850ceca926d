package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a diff takes away and brings, by path. A directory that it empties goes as well, as git has
 * no empty ones; one that holds anything else stays.
 */
final class ImportedPaths {
  private final WorkspaceView workspace;
  private final NavigableSet<RelativePath> deleted = new TreeSet<>();
  private final NavigableSet<RelativePath> kept = new TreeSet<>();

  ImportedPaths(WorkspaceView workspace) {
    this.workspace = workspace;
  }

  /** One file of the diff: where it was, and where it is afterwards. */
  void add(Optional<RelativePath> before, Optional<RelativePath> after) {
    if (!before.equals(after)) {
      before.ifPresent(deleted::add);
    }
    after.ifPresent(kept::add);
  }

  /** The files that go, in path order. */
  List<RelativePath> deleted() {
    return List.copyOf(deleted);
  }

  /** The directories that nothing is left in, the deepest first. */
  List<RelativePath> emptied() {
    NavigableSet<RelativePath> parents = new TreeSet<>();
    for (RelativePath path : deleted) {
      for (RelativePath at = path.parent(); !at.isRoot(); at = at.parent()) {
        parents.add(at);
      }
    }
    NavigableSet<RelativePath> needed = new TreeSet<>();
    for (RelativePath path : kept) {
      for (RelativePath at = path.parent(); !at.isRoot(); at = at.parent()) {
        needed.add(at);
      }
    }
    parents.removeAll(needed);
    List<RelativePath> deepestFirst = new ArrayList<>(parents);
    deepestFirst.sort(
        Comparator.comparingInt((RelativePath p) -> p.components().size())
            .reversed()
            .thenComparing(Comparator.naturalOrder()));
    NavigableSet<RelativePath> gone = new TreeSet<>(deleted);
    List<RelativePath> emptied = new ArrayList<>();
    for (RelativePath directory : deepestFirst) {
      List<Bytes> names = workspace.names(directory);
      if (!names.isEmpty() && names.stream().map(directory::resolve).allMatch(gone::contains)) {
        gone.add(directory);
        emptied.add(directory);
      }
    }
    return emptied;
  }
}
