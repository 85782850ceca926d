package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the paths that no transaction may touch, whatever was verified and approved: what stands
 * there could not be replaced, or could not be given back as it was. Reads attributes alone, so
 * that it can be asked as soon as a change set is known.
 */
final class Obstacles {
  private static final String CHATTR = "take the attribute away with chattr";

  private final Disk disk;
  private final HostTree tree;
  private final FileStat root;
  private final int user;
  private final Map<RelativePath, FileStat> parents = new HashMap<>();

  /**
   * @param user the user id that the promoting process has, 0 for root
   */
  Obstacles(Disk disk, HostTree tree, int user) {
    this.disk = disk;
    this.tree = tree;
    this.root = disk.stat(tree.root());
    this.user = user;
  }

  /** The obstacles of all moves, in their order; a path that is gone or another kind has none. */
  List<PathConflict> of(List<PathMove> moves) {
    List<PathConflict> found = new ArrayList<>();
    Set<RelativePath> all = new HashSet<>();
    moves.forEach(move -> all.add(move.path()));
    for (PathMove move : moves) {
      tree.parent(move.path())
          .ifPresent(parent -> {
            try (Disk.Dir dir = parent) {
              at(move, dir, disk.stat(dir, move.path().name())).ifPresent(found::add);
            }
          });
      if (move.removesDirectory()) {
        found.addAll(strangers(move, all));
      }
    }
    found.addAll(new FoldedNames(disk, tree).collisions(moves));
    return found;
  }

  /**
   * The obstacle on one path.
   *
   * @param dir the directory that the path is in
   * @param stat of what stands there
   */
  Optional<PathConflict> at(PathMove move, Disk.Dir dir, Optional<FileStat> stat) {
    FileStat around = parents.computeIfAbsent(move.path().parent(), p -> disk.stat(dir));
    if (around.mountId() != root.mountId()) {
      return obstacle(
          move, "it is on another mount", "leave it out, or make a workspace of that mount");
    }
    if (around.frozen()) {
      return obstacle(move, "the directory that it is in is immutable or append-only", CHATTR);
    }
    return stat.flatMap(s -> at(move, dir, s));
  }

  private Optional<PathConflict> at(PathMove move, Disk.Dir dir, FileStat stat) {
    switch (stat.kind()) {
      case REGULAR, DIRECTORY, SYMLINK -> {}
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> {
        return obstacle(move, "it is a special file", "move it away");
      }
    }
    if (stat.frozen()) {
      return obstacle(move, "it is immutable or append-only", CHATTR);
    }
    if (stat.mountId() != root.mountId()) {
      return obstacle(
          move, "something is mounted on it", "unmount it, or leave the path out of the change");
    }
    if (user != 0 && stat.uid() != user) {
      return obstacle(
          move,
          "it belongs to another user, uid " + stat.uid() + ", and would belong to you afterwards",
          "promote as its owner, or as root");
    }
    boolean directory = stat.kind() == FileKind.DIRECTORY;
    if (!directory && stat.links() > 1) {
      return obstacle(
          move,
          "it has " + stat.links() + " hard links, and the others would not change",
          "put a copy in its place, or leave it out of the change");
    }
    if (!directory && stat.specialBits() != 0) {
      return obstacle(
          move,
          "it has mode "
              + Integer.toOctalString(stat.mode())
              + "; a new file in its place would lose its special bits",
          "take them away with `chmod u-s,g-s,-t`, or leave it out of the change");
    }
    if (directory && !move.removesDirectory()) {
      return Optional.empty(); // it stays, with all that it has
    }
    return lost(move, dir, stat);
  }

  private Optional<PathConflict> lost(PathMove move, Disk.Dir dir, FileStat stat) {
    return stat.lostAttribute()
        .or(() -> Original.lostAttribute(disk, dir, move.path().name()))
        .flatMap(attribute ->
            obstacle(
                move,
                "it has the attribute " + attribute + ", which a rollback could not give back",
                "take the attribute away, or leave it out of the change"));
  }

  /** The entries of a directory that goes that are not in the transaction. */
  List<PathConflict> strangers(PathMove move, Set<RelativePath> all) {
    List<PathConflict> found = new ArrayList<>();
    tree.directory(move.path())
        .ifPresent(open -> {
          try (Disk.Dir dir = open) {
            for (Disk.DirEntry entry : disk.list(dir)) {
              RelativePath path = move.path().resolve(entry.name());
              if (!all.contains(path)) {
                found.add(
                    PathConflict.obstacle(
                        path,
                        "it is in a directory that goes, and no box has seen it",
                        "remove it or move it away, or let the change keep the directory"));
              }
            }
          }
        });
    return found;
  }

  private static Optional<PathConflict> obstacle(PathMove move, String why, String remedy) {
    return Optional.of(PathConflict.obstacle(move.path(), why, remedy));
  }
}
