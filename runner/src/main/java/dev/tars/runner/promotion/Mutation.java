package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts staged entries in place. Each step is one directory operation that either takes nothing away
 * or exchanges, and what was displaced is hashed afterwards: a save that a person made meanwhile is
 * found, put back, and never lost.
 */
final class Mutation {
  private final Disk disk;
  private final HostTree tree;
  private final Staging staging;
  private final List<PathMove> moves;
  private final Set<Integer> done = new HashSet<>();

  Mutation(Disk disk, HostTree tree, Staging staging, List<PathMove> moves) {
    this.disk = disk;
    this.tree = tree;
    this.staging = staging;
    this.moves = List.copyOf(moves);
  }

  /** A path where something else stood, or stands after it was put back. */
  record Surprise(RelativePath path, boolean bothKept) {}

  /** Moves forward in canonical order; stops at the first surprise. */
  Optional<Surprise> forward() {
    for (int i : order()) {
      Optional<Surprise> surprise = one(i);
      if (surprise.isPresent()) {
        return surprise;
      }
      done.add(i);
    }
    return Optional.empty();
  }

  /**
   * Files that go, directories that go (deepest first), directories that come, files that come.
   * What changes its kind is in two of these; {@link #done} tells the second step from the first.
   */
  private List<Integer> order() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      all.add(i);
    }
    all.sort(Comparator.comparing(i -> moves.get(i).path()));
    List<Integer> order = new ArrayList<>();
    all.stream().filter(i -> goes(moves.get(i))).forEach(order::add);
    all.reversed().stream().filter(i -> moves.get(i).removesDirectory()).forEach(order::add);
    all.stream().filter(i -> PathMove.isDirectory(moves.get(i).to())).forEach(order::add);
    all.stream()
        .filter(i -> moves.get(i).to().isPresent() && !PathMove.isDirectory(moves.get(i).to()))
        .forEach(order::add);
    return order;
  }

  /** A file or link that has no successor, or is followed by a directory. */
  private static boolean goes(PathMove move) {
    return move.from().isPresent()
        && !PathMove.isDirectory(move.from())
        && (move.to().isEmpty() || PathMove.isDirectory(move.to()));
  }

  private Optional<Surprise> one(int i) {
    PathMove move = moves.get(i);
    Optional<Disk.Dir> parent = tree.parent(move.path());
    if (parent.isEmpty()) {
      return Optional.of(new Surprise(move.path(), false));
    }
    try (Disk.Dir dir = parent.get()) {
      if (goes(move) && !done.contains(i)) {
        return remove(i, move, dir);
      }
      if (move.removesDirectory() && !done.contains(i)) {
        return removeDirectory(move, dir);
      }
      if (PathMove.isDirectory(move.to())) {
        return directory(i, move, dir);
      }
      boolean nothingThere = move.from().isEmpty() || PathMove.isDirectory(move.from());
      return nothingThere ? create(i, move, dir) : replace(i, move, dir);
    }
  }

  private Optional<Surprise> remove(int i, PathMove move, Disk.Dir dir) {
    try {
      disk.rename(
          dir, move.path().name(), staging.dir(), Staging.displaced(i), Disk.RenameMode.NOREPLACE);
    } catch (DiskException e) {
      return surpriseOrThrow(move, e);
    }
    if (tree.entry(staging.dir(), Staging.displaced(i)).equals(move.from())) {
      return Optional.empty();
    }
    return Optional.of(
        new Surprise(move.path(), !putBack(staging.dir(), Staging.displaced(i), dir, move)));
  }

  private Optional<Surprise> removeDirectory(PathMove move, Disk.Dir dir) {
    try {
      disk.rmdir(dir, move.path().name());
      return Optional.empty();
    } catch (DiskException e) {
      return surpriseOrThrow(move, e);
    }
  }

  private Optional<Surprise> directory(int i, PathMove move, Disk.Dir dir) {
    try {
      if (move.changesDirectory()) {
        Staging.changeMode(disk, dir, move.path().name(), move.to().orElseThrow().mode());
      } else {
        staging.place(Staging.waiting(i), dir, move.path().name(), move.to().orElseThrow());
      }
      return Optional.empty();
    } catch (DiskException e) {
      return surpriseOrThrow(move, e);
    }
  }

  private Optional<Surprise> create(int i, PathMove move, Disk.Dir dir) {
    try {
      disk.rename(
          staging.dir(), Staging.waiting(i), dir, move.path().name(), Disk.RenameMode.NOREPLACE);
      return Optional.empty();
    } catch (DiskException e) {
      return surpriseOrThrow(move, e);
    }
  }

  private Optional<Surprise> replace(int i, PathMove move, Disk.Dir dir) {
    try {
      disk.rename(
          staging.dir(), Staging.waiting(i), dir, move.path().name(), Disk.RenameMode.EXCHANGE);
    } catch (DiskException e) {
      return surpriseOrThrow(move, e);
    }
    if (tree.entry(staging.dir(), Staging.waiting(i)).equals(move.from())) {
      return Optional.empty();
    }
    // A person saved between our check and the exchange: their file goes back where it was.
    disk.rename(
        staging.dir(), Staging.waiting(i), dir, move.path().name(), Disk.RenameMode.EXCHANGE);
    boolean ours = tree.entry(staging.dir(), Staging.waiting(i)).equals(move.to());
    return Optional.of(new Surprise(move.path(), !ours));
  }

  private boolean putBack(Disk.Dir from, Bytes name, Disk.Dir dir, PathMove move) {
    try {
      disk.rename(from, name, dir, move.path().name(), Disk.RenameMode.NOREPLACE);
      return true;
    } catch (DiskException e) {
      if (e.errno() == Errno.EEXIST) {
        return false; // a second save stands there: both are kept
      }
      throw e;
    }
  }

  private static Optional<Surprise> surpriseOrThrow(PathMove move, DiskException e) {
    return switch (e.errno()) {
      case ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY, ELOOP ->
          Optional.of(new Surprise(move.path(), false));
      default -> throw e;
    };
  }
}
