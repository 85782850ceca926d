package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.SparseWriter;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The directory {@code .tars-tx-<id>} in the workspace's own file system: everything that shall
 * stand somewhere is made here first, with its final content, mode and owner, so that the mutation
 * needs no space and no content. What is displaced lands here.
 */
final class Staging implements AutoCloseable {
  private static final int FEW = 8;
  private static final int OWN = 0700;
  private static final int SETGID = 02000;

  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Bytes name;
  private final Disk.Dir dir;
  private final byte[] buffer = new byte[1 << 17];
  private final FileStat self;
  private final Map<RelativePath, FileStat> parents = new HashMap<>();

  private Staging(Disk disk, ObjectStore objects, HostTree tree, Bytes name, Disk.Dir dir) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.name = name;
    this.dir = dir;
    this.self = disk.stat(dir);
  }

  static Bytes nameOf(TransactionId id) {
    return Bytes.utf8(".tars-tx-" + id.number());
  }

  /** Makes the directory of a new transaction; one that is there already is not ours. */
  static Staging make(Disk disk, ObjectStore objects, HostTree tree, TransactionId id) {
    disk.mkdir(tree.root(), nameOf(id), 0700);
    return open(disk, objects, tree, id);
  }

  /**
   * Opens what an interrupted transaction left; makes it if the crash came after it was removed.
   */
  static Staging open(Disk disk, ObjectStore objects, HostTree tree, TransactionId id) {
    Bytes name = nameOf(id);
    Disk.Dir dir = Directories.openOrMakePrivate(disk, tree.root(), name);
    return new Staging(disk, objects, tree, name, dir);
  }

  Disk.Dir dir() {
    return dir;
  }

  /** The name under which the new entry of move {@code number} waits. */
  static Bytes waiting(int number) {
    return Bytes.utf8("n" + number);
  }

  /** The name under which the old entry of move {@code number} is kept. */
  static Bytes displaced(int number) {
    return Bytes.utf8("o" + number);
  }

  /** The name under which undo lays what it takes away for move {@code number}. */
  static Bytes aside(int number) {
    return Bytes.utf8("x" + number);
  }

  /** The user whose files these are; what is made here belongs to them unless root says else. */
  int user() {
    return self.uid();
  }

  /** The name under which a directory waits that comes back if move {@code number} is undone. */
  static Bytes spare(int number) {
    return Bytes.utf8("d" + number);
  }

  /**
   * Puts a directory that waits here in its place; takes no space. It waits with all bits of its
   * owner and has its own mode last: without them nobody but root may move it.
   */
  void place(Bytes waiting, Disk.Dir parent, Bytes name, TreeEntry directory) {
    disk.rename(dir, waiting, parent, name, Disk.RenameMode.NOREPLACE);
    if (directory.mode() != OWN) {
      changeMode(disk, parent, name, directory.mode());
    }
  }

  /** Changes the permissions of a directory; setgid and sticky bit stay. */
  static void changeMode(Disk disk, Disk.Dir parent, Bytes name, int permissions) {
    int special = disk.stat(parent, name).map(FileStat::specialBits).orElse(0);
    disk.chmod(parent, name, permissions | special);
  }

  /**
   * Makes an empty directory with the owner, attributes and special bits of one, or with what mkdir
   * takes over from the directory around it.
   */
  void makeDirectory(RelativePath path, Optional<Original> original, Bytes at) {
    disk.mkdir(dir, at, OWN);
    FileStat around = around(path);
    owner(
        dir,
        at,
        original.map(Original::uid).orElse(around.uid()),
        original.map(Original::gid).orElse(around.gid()));
    int special = original.map(Original::special).orElse(around.mode() & SETGID);
    if (special != 0) {
      disk.chmod(dir, at, OWN | special);
    }
    original.ifPresent(o ->
        o.attributes().forEach((attribute, value) -> disk.setXattr(dir, at, attribute, value)));
  }

  /** Root gives it to its owner; anybody else to its group at least, if it is one of theirs. */
  private void owner(Disk.Dir parent, Bytes name, int uid, int gid) {
    if (self.uid() == 0) {
      if (uid != self.uid() || gid != self.gid()) {
        disk.chown(parent, name, uid, gid);
      }
    } else if (gid != self.gid()) {
      try {
        disk.chown(parent, name, self.uid(), gid);
      } catch (DiskException e) {
        if (e.errno() != Errno.EPERM) {
          throw e;
        }
      }
    }
  }

  /**
   * Makes the new entry of each move that has one, and what undo needs: neither the way forward nor
   * the way back makes a file or a directory.
   */
  void prepare(Manifest manifest) {
    List<PathMove> moves = manifest.moves();
    for (int i = 0; i < moves.size(); i++) {
      PathMove move = moves.get(i);
      if (move.makesDirectory()) {
        makeDirectory(move.path(), move.original(), waiting(i));
      } else if (move.to().isPresent() && !PathMove.isDirectory(move.to())) {
        make(move, Optional.ofNullable(manifest.originals().get(move.path())), waiting(i));
      }
      if (move.removesDirectory()) {
        Original original = manifest.originals().get(move.path());
        makeDirectory(move.path(), Optional.ofNullable(original), spare(i));
      }
      if (move.from().isPresent() && !PathMove.isDirectory(move.from()) && !move.replaces()) {
        room(displaced(i));
      }
    }
    probe(moves);
  }

  /** A directory does not shrink: where a name was there is room for it, whatever comes between. */
  private void room(Bytes at) {
    disk.create(dir, at, 0600).close();
    disk.unlink(dir, at);
  }

  /** A file system that cannot do what keeps a person's save is refused, never trusted. */
  private void probe(List<PathMove> moves) {
    Bytes one = Bytes.utf8("probe-1");
    Bytes two = Bytes.utf8("probe-2");
    try {
      disk.create(dir, one, 0600).close();
      disk.rename(dir, one, dir, two, Disk.RenameMode.NOREPLACE);
      for (int i = 0; i < moves.size(); i++) {
        if (moves.get(i).replaces()) { // there and back; one that can do it once can do it again
          disk.rename(dir, two, dir, waiting(i), Disk.RenameMode.EXCHANGE);
          disk.rename(dir, two, dir, waiting(i), Disk.RenameMode.EXCHANGE);
          break;
        }
      }
      disk.unlink(dir, two);
    } catch (DiskException e) {
      switch (e.errno()) {
        case EINVAL, ENOSYS, EOPNOTSUPP ->
            throw RunnerException.of(
                    FailureCode.IO_FAILED,
                    "the file system of the workspace cannot exchange two files in one step")
                .at(tree.root().where())
                .note(
                    "without that a save that is made meanwhile could be lost; nothing was changed")
                .cause(e)
                .help("keep the workspace on a local file system: ext4, xfs, btrfs or tmpfs");
        default -> throw e;
      }
    }
  }

  private void make(PathMove move, Optional<Original> standing, Bytes at) {
    switch (move.to().orElseThrow()) {
      case TreeEntry.RegularFile file -> file(file, at);
      case TreeEntry.Symlink link -> disk.symlink(dir, at, link.target());
      case TreeEntry.Directory d ->
          throw new IllegalArgumentException("directories are made by makeDirectory");
    }
    metadata(move, standing, at);
  }

  /** Bytes are hashed while they are staged: what is wrong in the store is never promoted. */
  private void file(TreeEntry.RegularFile file, Bytes at) {
    MessageDigest md = Digest.sha256();
    try (Disk.DiskFile from = objects.openFile(file.content());
        Disk.DiskFile to = disk.create(dir, at, 0600)) {
      SparseWriter writer = new SparseWriter(disk, to, disk.stat(from));
      for (int n = disk.read(from, buffer, 0, buffer.length);
          n > 0;
          n = disk.read(from, buffer, 0, buffer.length)) {
        md.update(buffer, 0, n);
        writer.write(buffer, n);
      }
      writer.finish();
    }
    if (!Digest.finish(md).equals(file.content())) {
      throw RunnerException.of(
              FailureCode.INTEGRITY,
              "object " + file.content().brief() + " does not hold what was approved")
          .note("nothing was changed")
          .help("run `tarscli audit verify`, then run the improvement again");
    }
  }

  /** What stands there now decides; else what stood there before; else the directory around it. */
  private void metadata(PathMove move, Optional<Original> standing, Bytes at) {
    Optional<Original> like = standing.or(move::original);
    if (like.isPresent()) {
      owner(dir, at, like.get().uid(), like.get().gid());
    } else {
      FileStat around = around(move.path());
      owner(dir, at, around.uid(), around.gid());
    }
    if (move.to().orElse(null) instanceof TreeEntry.RegularFile file) {
      boolean replaced = move.from().orElse(null) instanceof TreeEntry.RegularFile;
      (replaced ? like : move.original())
          .map(Original::attributes)
          .orElse(Map.of())
          .forEach((attribute, value) -> disk.setXattr(dir, at, attribute, value));
      disk.chmod(dir, at, file.mode());
      move.original().ifPresent(o -> disk.setModified(dir, at, o.modified()));
    }
  }

  private FileStat around(RelativePath path) {
    return parents.computeIfAbsent(
        path.parent(),
        parent -> {
          for (RelativePath p = parent; !p.isRoot(); p = p.parent()) {
            Optional<FileStat> stat = tree.stat(p);
            if (stat.isPresent()) {
              return stat.get();
            }
          }
          return disk.stat(tree.root());
        });
  }

  /** Barrier 1: everything staged and everything in the store survives a power cut. */
  void sync(List<PathMove> moves, Digest manifest) {
    if (moves.size() >= FEW) {
      disk.syncfs(dir);
      if (!objects.isOnDevice(self.device())) {
        objects.sync();
      }
      return;
    }
    List<Digest> stored = new ArrayList<>(List.of(manifest));
    for (int i = 0; i < moves.size(); i++) {
      if (moves.get(i).makesDirectory()) {
        syncDirectory(waiting(i));
      }
      if (moves.get(i).removesDirectory()) {
        syncDirectory(spare(i));
      }
      if (moves.get(i).to().orElse(null) instanceof TreeEntry.RegularFile) {
        try (Disk.DiskFile file = disk.open(dir, waiting(i), Disk.OpenMode.READ)) {
          disk.fsync(file);
        }
      }
      for (Optional<TreeEntry> entry : List.of(moves.get(i).from(), moves.get(i).to())) {
        if (entry.orElse(null) instanceof TreeEntry.RegularFile file) {
          stored.add(file.content());
        }
      }
    }
    objects.sync(stored);
    disk.fsync(dir);
    disk.fsync(tree.root());
  }

  private void syncDirectory(Bytes at) {
    try (Disk.Dir made = disk.open(dir, RelativePath.of(at))) {
      disk.fsync(made);
    }
  }

  /**
   * Removes the directory with all that is in it; what was displaced is in the store. Durable when
   * it returns: no power cut brings it back when the log has forgotten it.
   */
  void discard() {
    dir.close();
    Directories.remove(disk, tree.root(), name);
    disk.fsync(tree.root());
  }

  @Override
  public void close() {
    dir.close();
  }
}
