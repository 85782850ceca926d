package dev.tars.runner.promotion;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold before a transaction may begin, path by path, and the bytes that it will displace:
 * they are in the store before anything else is done.
 */
final class Preconditions {
  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Set<RelativePath> all = new HashSet<>();
  private final FileStat root;
  private final List<PathConflict> conflicts = new ArrayList<>();
  private final List<PathMove> moves = new ArrayList<>();
  private final Map<RelativePath, Original> originals = new LinkedHashMap<>();
  private final Map<RelativePath, FileStat> parents = new HashMap<>();

  Preconditions(Disk disk, ObjectStore objects, HostTree tree) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.root = disk.stat(tree.root());
  }

  /** Paths that are not as they must be; the transaction may begin only if there is none. */
  List<PathConflict> conflicts() {
    return List.copyOf(conflicts);
  }

  /** Only the moves that have something to do. */
  List<PathMove> moves() {
    return List.copyOf(moves);
  }

  /** What stands at their paths has, besides content and mode. */
  Map<RelativePath, Original> originals() {
    return Map.copyOf(originals);
  }

  void check(List<PathMove> wanted) {
    wanted.forEach(move -> all.add(move.path()));
    wanted.forEach(this::check);
    new FoldedNames(disk, tree).collisions(moves).forEach(conflicts::add);
  }

  private void check(PathMove move) {
    Optional<Disk.Dir> parent = tree.parent(move.path());
    if (parent.isEmpty()) {
      judge(move, Optional.empty(), Optional.empty());
      return;
    }
    try (Disk.Dir dir = parent.get()) {
      Optional<FileStat> stat = disk.stat(dir, move.path().name());
      Optional<TreeEntry> now = tree.entry(dir, move.path().name(), stat);
      if (judge(move, now, stat)) {
        FileStat around = around(move.path().parent(), dir);
        if (around.mountId() != root.mountId()) {
          conflict(move, now, "it is on another mount");
        } else if (around.frozen()) {
          conflict(move, now, "the directory that it is in is immutable or append-only");
        } else if (stat.isPresent() && save(move, dir)) {
          originals.put(move.path(), Original.of(disk, dir, move.path().name(), stat.get()));
        }
      }
    }
  }

  /** True if the move is to be done. */
  private boolean judge(PathMove move, Optional<TreeEntry> now, Optional<FileStat> stat) {
    if (now.equals(move.to()) && !now.equals(move.from())) {
      return false; // somebody did it by hand
    }
    if (!now.equals(move.from())) {
      conflict(move, now, "it is not what was verified");
      return false;
    }
    Optional<String> refusal = stat.flatMap(this::refusal);
    refusal.ifPresent(why -> conflict(move, now, why));
    if (move.removesDirectory()) {
      strangers(move);
    }
    if (refusal.isEmpty()) {
      moves.add(move);
    }
    return refusal.isEmpty();
  }

  private Optional<String> refusal(FileStat stat) {
    switch (stat.kind()) {
      case REGULAR, DIRECTORY, SYMLINK -> {}
      default -> {
        return Optional.of("it is a special file");
      }
    }
    if (stat.frozen()) {
      return Optional.of("it is immutable or append-only");
    }
    if (stat.mountId() != root.mountId()) {
      return Optional.of("it is on another mount");
    }
    return stat.kind() == FileKind.REGULAR && stat.links() > 1
        ? Optional.of("it has " + stat.links() + " hard links; the others would not change")
        : Optional.empty();
  }

  private FileStat around(RelativePath path, Disk.Dir dir) {
    return parents.computeIfAbsent(path, p -> disk.stat(dir));
  }

  /** I1: the bytes that will be displaced are in the store before anything is. */
  private boolean save(PathMove move, Disk.Dir dir) {
    if (!(move.from().orElse(null) instanceof TreeEntry.RegularFile file)
        || objects.renew(file.content())) {
      return true;
    }
    try (Disk.DiskFile content = disk.open(dir, move.path().name(), Disk.OpenMode.READ)) {
      Digest saved = objects.put(content, Long.MAX_VALUE);
      if (saved.equals(file.content())) {
        return true;
      }
    }
    conflict(move, tree.entry(move.path()), "it was changed while it was saved");
    return false;
  }

  /** What is in a directory that goes, and not in the transaction. */
  private void strangers(PathMove move) {
    try (Disk.Dir dir = disk.open(tree.root(), move.path())) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        RelativePath path = move.path().resolve(entry.name());
        if (!all.contains(path)) {
          conflicts.add(
              new PathConflict(
                  path,
                  Optional.empty(),
                  tree.entry(path),
                  Optional.empty(),
                  "it is in a directory that goes, and not part of the change"));
        }
      }
    }
  }

  private void conflict(PathMove move, Optional<TreeEntry> now, String why) {
    conflicts.add(new PathConflict(move.path(), move.from(), now, move.to(), why));
  }
}
