package dev.tars.runner.promotion;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.StoreLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a rollback has to do, given what stands in the workspace now. Changes nothing there. */
final class Wanted {
  private static final int USUAL = 0755;

  private final StoreLayout layout;
  private final Disk disk;
  private final HostTree tree;

  Wanted(StoreLayout layout, HostTree tree) {
    this.layout = layout;
    this.disk = layout.disk();
    this.tree = tree;
  }

  List<Rollback.Step> preview(List<PathMove> moves, Map<RelativePath, String> top) {
    List<String> left = new ArrayList<>();
    Set<RelativePath> going = new HashSet<>();
    leaving(moves, left).forEach(m -> going.add(m.path()));
    List<Rollback.Step> steps = new ArrayList<>();
    for (PathMove move : moves) {
      RelativePath path = move.path();
      Optional<TreeEntry> now = tree.entry(path);
      if (now.equals(move.to())) {
        steps.add(new Rollback.Step("leave", path, "it is as it was before already"));
      } else if (top.containsKey(path)) {
        steps.add(new Rollback.Step("conflict", path, "changed since by " + top.get(path)));
      } else if (!now.equals(move.from())) {
        steps.add(
            new Rollback.Step("conflict", path, "it was edited since; --force saves it first"));
      } else if (!going.contains(path)) {
        steps.add(new Rollback.Step("leave", path, "it holds files of others"));
      } else {
        steps.add(new Rollback.Step(move.to().isEmpty() ? "delete" : "restore", path, ""));
      }
    }
    return steps;
  }

  /** Without the directories that the transaction made and that hold something of others now. */
  List<PathMove> leaving(List<PathMove> moves, List<String> left) {
    Set<RelativePath> stay = new HashSet<>();
    Set<RelativePath> going = new HashSet<>();
    moves.stream().filter(m -> m.to().isEmpty()).forEach(m -> going.add(m.path()));
    for (PathMove move : moves.reversed()) { // deepest first: who stays keeps those around it
      boolean made = PathMove.isDirectory(move.from()) && move.to().isEmpty();
      if (made && PathMove.isDirectory(tree.entry(move.path())) && holdsOthers(move, going, stay)) {
        stay.add(move.path());
        left.add("left " + move.path() + ": it holds files of others");
      }
    }
    return moves.stream().filter(m -> !stay.contains(m.path())).toList();
  }

  private boolean holdsOthers(PathMove move, Set<RelativePath> going, Set<RelativePath> stay) {
    try (Disk.Dir dir = disk.open(tree.root(), move.path())) {
      return disk.list(dir).stream()
          .map(e -> move.path().resolve(e.name()))
          .anyMatch(p -> !going.contains(p) || stay.contains(p));
    }
  }

  /**
   * Whatever stands there now is what is expected: it goes to the store like any displaced file.
   * Directories that somebody removed are made again for what comes back into them.
   */
  List<PathMove> asFound(List<PathMove> moves) {
    Map<RelativePath, PathMove> found = new TreeMap<>();
    for (PathMove move : moves) {
      Optional<TreeEntry> now = tree.entry(move.path());
      if (now.orElse(null) instanceof TreeEntry.RegularFile) {
        try (Disk.Dir dir = tree.parent(move.path()).orElseThrow();
            Disk.DiskFile file = disk.open(dir, move.path().name(), Disk.OpenMode.READ)) {
          Digest _ = layout.objects().put(file, Long.MAX_VALUE);
        }
      }
      if (!now.equals(move.to())) {
        found.put(move.path(), new PathMove(move.path(), now, move.to(), move.original()));
      }
    }
    List.copyOf(found.values()).forEach(m -> parents(m, found));
    return List.copyOf(found.values());
  }

  private void parents(PathMove move, Map<RelativePath, PathMove> found) {
    if (move.to().isEmpty()) {
      return;
    }
    for (RelativePath at = move.path().parent(); !at.isRoot(); at = at.parent()) {
      if (!found.containsKey(at) && tree.entry(at).isEmpty()) {
        Optional<TreeEntry> made = Optional.of(new TreeEntry.Directory(USUAL));
        found.put(at, new PathMove(at, Optional.empty(), made, Optional.empty()));
      }
    }
  }
}
