package dev.tars.runner.promotion;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import java.util.ArrayList;
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
  private final Obstacles obstacles;
  private final List<PathConflict> conflicts = new ArrayList<>();
  private final List<PathMove> moves = new ArrayList<>();
  private final Map<RelativePath, Original> originals = new LinkedHashMap<>();

  Preconditions(Disk disk, ObjectStore objects, HostTree tree, int user) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.obstacles = new Obstacles(disk, tree, user);
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
      if (judge(move, Optional.empty())) {
        moves.add(move); // the transaction makes the directory that it goes into
      }
      return;
    }
    try (Disk.Dir dir = parent.get()) {
      Optional<FileStat> stat = disk.stat(dir, move.path().name());
      if (judge(move, tree.entry(dir, move.path().name(), stat))) {
        Optional<PathConflict> obstacle = obstacles.at(move, dir, stat);
        if (obstacle.isPresent()) {
          conflicts.add(obstacle.get());
          return;
        }
        moves.add(move);
        if (stat.isPresent() && save(move, dir)) {
          originals.put(move.path(), Original.of(disk, dir, move.path().name(), stat.get()));
        }
      }
    }
  }

  /** True if the move is still to be done, and what it begins with is there. */
  private boolean judge(PathMove move, Optional<TreeEntry> now) {
    if (now.equals(move.to()) && !now.equals(move.from())) {
      return false; // somebody did it by hand
    }
    if (!now.equals(move.from())) {
      conflict(move, now, "it is not what was verified");
      return false;
    }
    if (move.removesDirectory()) {
      conflicts.addAll(obstacles.strangers(move, all));
    }
    return true;
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

  private void conflict(PathMove move, Optional<TreeEntry> now, String why) {
    conflicts.add(new PathConflict(move.path(), move.from(), now, move.to(), why));
  }
}
