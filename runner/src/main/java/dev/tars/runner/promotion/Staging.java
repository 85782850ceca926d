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
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory {@code .tars-tx-<id>} in the workspace's own file system: everything that shall
 * stand somewhere is made here first, with its final content, mode and owner, so that the mutation
 * needs no space and no content. What is displaced lands here.
 */
final class Staging implements AutoCloseable {
  private static final int FEW = 8;

  private final Disk disk;
  private final ObjectStore objects;
  private final HostTree tree;
  private final Bytes name;
  private final Disk.Dir dir;
  private final byte[] buffer = new byte[1 << 17];
  private final boolean root;

  private Staging(Disk disk, ObjectStore objects, HostTree tree, Bytes name, Disk.Dir dir) {
    this.disk = disk;
    this.objects = objects;
    this.tree = tree;
    this.name = name;
    this.dir = dir;
    this.root = disk.stat(dir).uid() == 0;
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
    Disk.Dir dir = Directories.openOrMake(disk, tree.root(), name);
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

  /** Gives a directory that was made in place the owner of the one it is in. */
  void own(Disk.Dir parent, Bytes made) {
    if (root) {
      disk.chown(parent, made, disk.stat(parent).uid(), disk.stat(parent).gid());
    }
  }

  /** Makes the new entry of each move that has one. */
  void prepare(List<PathMove> moves) {
    for (int i = 0; i < moves.size(); i++) {
      PathMove move = moves.get(i);
      if (move.to().isPresent() && !PathMove.isDirectory(move.to())) {
        make(move, waiting(i));
      }
    }
  }

  private void make(PathMove move, Bytes at) {
    Directories.remove(disk, dir, at); // left by an earlier attempt at the same transaction
    switch (move.to().orElseThrow()) {
      case TreeEntry.RegularFile file -> file(file, at);
      case TreeEntry.Symlink link -> disk.symlink(dir, at, link.target());
      case TreeEntry.Directory d ->
          throw new IllegalArgumentException("directories are made in place");
    }
    metadata(move, at);
  }

  /** Bytes are hashed while they are staged: what is wrong in the store is never promoted. */
  private void file(TreeEntry.RegularFile file, Bytes at) {
    MessageDigest md = Digest.sha256();
    try (Disk.DiskFile from = objects.openFile(file.content());
        Disk.DiskFile to = disk.create(dir, at, 0600)) {
      for (int n = disk.read(from, buffer, 0, buffer.length);
          n > 0;
          n = disk.read(from, buffer, 0, buffer.length)) {
        md.update(buffer, 0, n);
        disk.write(to, buffer, 0, n);
      }
    }
    if (!Digest.finish(md).equals(file.content())) {
      throw RunnerException.of(
              FailureCode.INTEGRITY,
              "object " + file.content().brief() + " does not hold what was approved")
          .note("nothing was changed")
          .help("run `tarscli audit verify`, then run the improvement again");
    }
  }

  private void metadata(PathMove move, Bytes at) {
    Optional<FileStat> target = tree.stat(move.path());
    boolean regular = move.to().orElse(null) instanceof TreeEntry.RegularFile;
    if (root) {
      Optional<FileStat> owner = target.or(() -> nearestParent(move.path()));
      owner.ifPresent(o -> disk.chown(dir, at, o.uid(), o.gid()));
    }
    if (regular) {
      if (target.isPresent() && move.from().orElse(null) instanceof TreeEntry.RegularFile) {
        copyAttributes(move.path(), at);
      }
      disk.chmod(dir, at, move.to().orElseThrow().mode());
      move.modified().ifPresent(time -> disk.setModified(dir, at, time));
    }
  }

  private Optional<FileStat> nearestParent(RelativePath path) {
    for (RelativePath p = path.parent(); ; p = p.parent()) {
      if (p.isRoot()) {
        return Optional.of(disk.stat(tree.root()));
      }
      Optional<FileStat> stat = tree.stat(p);
      if (stat.isPresent()) {
        return stat;
      }
    }
  }

  private void copyAttributes(RelativePath path, Bytes at) {
    try (Disk.Dir parent = tree.parent(path).orElseThrow()) {
      for (Bytes attribute : disk.xattrs(parent, path.name())) {
        String text = attribute.lossyText();
        if (text.startsWith("user.") || text.startsWith("system.posix_acl")) {
          disk.setXattr(dir, at, attribute, disk.xattr(parent, path.name(), attribute));
        }
      }
    }
  }

  /** Barrier 1: everything staged and everything in the store survives a power cut. */
  void sync(List<PathMove> moves, Digest manifest) {
    long files = moves.stream().filter(m -> m.to().isPresent()).count();
    if (files >= FEW) {
      disk.syncfs(dir);
      objects.sync();
      return;
    }
    List<Digest> stored = new ArrayList<>(List.of(manifest));
    for (int i = 0; i < moves.size(); i++) {
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
