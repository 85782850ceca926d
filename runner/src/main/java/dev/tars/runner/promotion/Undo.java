package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.ObjectStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes an unfinished transaction back. Every path is judged by what stands there: as before, as
 * wanted, or something else, which a person made and which stays. May be interrupted anywhere and
 * done again.
 */
final class Undo {
  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Staging staging;
  private final List<PathMove> moves;
  private final Map<RelativePath, Original> originals;
  private final List<PathConflict> conflicts = new ArrayList<>();
  private boolean placed;

  Undo(Disk disk, ObjectStore objects, HostTree tree, Staging staging, Manifest manifest) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.staging = staging;
    this.moves = manifest.moves();
    this.originals = manifest.originals();
  }

  /** The paths that hold something else; their bytes are in the store. */
  List<PathConflict> run() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      all.add(i);
    }
    all.sort(Comparator.comparing(i -> moves.get(i).path()));
    // The reverse of the way forward: what came goes first, deepest first; then what went comes.
    all.reversed().stream().filter(i -> !comesBackFirst(moves.get(i))).forEach(this::takeAway);
    all.stream().filter(i -> PathMove.isDirectory(moves.get(i).from())).forEach(this::bringBack);
    if (placed) {
      // Else a power cut may keep the files that move in and not the place of what they move into.
      disk.syncfs(tree.root());
    }
    all.stream().filter(i -> !PathMove.isDirectory(moves.get(i).from())).forEach(this::bringBack);
    return List.copyOf(conflicts);
  }

  private static boolean comesBackFirst(PathMove move) {
    return move.to().isEmpty();
  }

  /** What the transaction made, where nothing or another kind stood before. */
  private void takeAway(int i) {
    PathMove move = moves.get(i);
    boolean kindChanged =
        move.from().isPresent()
            && (PathMove.isDirectory(move.from()) != PathMove.isDirectory(move.to()));
    if (move.from().isPresent() && !kindChanged) {
      return;
    }
    Optional<TreeEntry> now = tree.entry(move.path());
    if (now.isEmpty() || now.equals(move.from())) {
      return;
    }
    if (!now.equals(move.to()) && !(PathMove.isDirectory(move.to()) && halfMade(now))) {
      if (!(PathMove.isDirectory(move.from()) && halfMade(now))) {
        keep(move, now, "something else stands there");
      }
      return;
    }
    try (Disk.Dir dir = tree.parent(move.path()).orElseThrow()) {
      if (PathMove.isDirectory(move.to())) {
        disk.rmdir(dir, move.path().name());
        return;
      }
      Bytes aside = Staging.aside(i);
      Directories.remove(disk, staging.dir(), aside);
      disk.rename(dir, move.path().name(), staging.dir(), aside, Disk.RenameMode.NOREPLACE);
      if (!tree.entry(staging.dir(), aside).equals(move.to())) {
        disk.rename(staging.dir(), aside, dir, move.path().name(), Disk.RenameMode.NOREPLACE);
        keep(move, tree.entry(move.path()), "it was saved meanwhile");
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOTEMPTY && e.errno() != Errno.ENOENT && e.errno() != Errno.EEXIST) {
        throw e;
      }
      keep(move, tree.entry(move.path()), "it is in use by something else");
    }
  }

  /** What stood there before. */
  private void bringBack(int i) {
    PathMove move = moves.get(i);
    if (move.from().isEmpty()) {
      return;
    }
    Optional<TreeEntry> now = tree.entry(move.path());
    if (now.equals(move.from())) {
      return;
    }
    try (Disk.Dir dir = tree.parent(move.path()).orElseThrow(() -> lost(move))) {
      if (PathMove.isDirectory(move.from())) {
        directory(i, move, now, dir);
      } else if (now.isEmpty()) {
        back(i, move, dir);
      } else if (now.equals(move.to())) {
        exchange(i, move, dir);
      } else if (!alreadyKept(move)) {
        keep(move, now, "something else stands there");
      }
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST && e.errno() != Errno.ENOENT) {
        throw e;
      }
      keep(move, tree.entry(move.path()), "it changed while it was undone");
    }
  }

  private void directory(int i, PathMove move, Optional<TreeEntry> now, Disk.Dir dir) {
    int mode = move.from().orElseThrow().mode();
    if (now.isEmpty()) {
      Bytes spare = Staging.spare(i);
      if (disk.stat(staging.dir(), spare).isEmpty()) { // somebody removed it
        Optional<Original> original = Optional.ofNullable(originals.get(move.path()));
        staging.makeDirectory(move.path(), original, spare);
      }
      placed = true;
      staging.place(spare, dir, move.path().name(), move.from().orElseThrow());
    } else if (PathMove.isDirectory(now) && (now.equals(move.to()) || halfMade(now))) {
      Staging.changeMode(disk, dir, move.path().name(), mode);
    } else if (!alreadyKept(move)) {
      keep(move, now, "something else stands there");
    }
  }

  /** A directory that a crash left between its making and its mode. */
  private static boolean halfMade(Optional<TreeEntry> now) {
    return now.equals(Optional.of(new TreeEntry.Directory(0700)));
  }

  /** The very file that was moved away, with whatever somebody wrote to it since. */
  private void back(int i, PathMove move, Disk.Dir dir) {
    boolean wasRemoved = move.to().isEmpty() || PathMove.isDirectory(move.to());
    if (!wasRemoved) {
      keep(move, Optional.empty(), "it was deleted meanwhile");
      return;
    }
    Bytes kept = Staging.displaced(i);
    if (disk.stat(staging.dir(), kept).isEmpty()) {
      keep(move, Optional.empty(), "it was deleted meanwhile");
      return;
    }
    disk.rename(staging.dir(), kept, dir, move.path().name(), Disk.RenameMode.NOREPLACE);
  }

  private void exchange(int i, PathMove move, Disk.Dir dir) {
    Bytes kept = Staging.waiting(i);
    if (disk.stat(staging.dir(), kept).filter(s -> s.kind() != FileKind.DIRECTORY).isEmpty()) {
      keep(move, move.to(), "what stood there before is no longer staged");
      return;
    }
    disk.rename(staging.dir(), kept, dir, move.path().name(), Disk.RenameMode.EXCHANGE);
    if (!tree.entry(staging.dir(), kept).equals(move.to())) {
      disk.rename(staging.dir(), kept, dir, move.path().name(), Disk.RenameMode.EXCHANGE);
      keep(move, tree.entry(move.path()), "it was saved meanwhile");
    }
  }

  private boolean alreadyKept(PathMove move) {
    return conflicts.stream().anyMatch(c -> c.path().equals(move.path()));
  }

  /** Stays as found; its bytes go to the store, so that whatever happens next loses nothing. */
  private void keep(PathMove move, Optional<TreeEntry> now, String why) {
    if (now.orElse(null) instanceof TreeEntry.RegularFile) {
      tree.parent(move.path())
          .ifPresent(parent -> {
            try (parent;
                Disk.DiskFile file = disk.open(parent, move.path().name(), Disk.OpenMode.READ)) {
              var _ = objects.put(file, Long.MAX_VALUE);
            }
          });
    }
    conflicts.add(new PathConflict(move.path(), move.from(), now, move.to(), why));
  }

  private static DiskException lost(PathMove move) {
    return new DiskException(Errno.ENOENT, "undo", move.path().toString());
  }
}
