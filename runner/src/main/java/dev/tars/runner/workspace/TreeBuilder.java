package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.Sharing;
import java.nio.file.Path;

/** Writes a tree beside its place, then publishes it in one step. */
final class TreeBuilder {
  private final Disk disk;
  private final int uid;
  private final int gid;
  private final long scannedAt;
  private final boolean chown = Owner.weAreRoot();
  private final byte[] buffer = BoundedReads.buffer();

  /**
   * @param scannedAt when the scan of the workspace began, nanoseconds since the epoch
   */
  TreeBuilder(Disk disk, int uid, int gid, long scannedAt) {
    this.disk = disk;
    this.uid = uid;
    this.gid = gid;
    this.scannedAt = scannedAt;
  }

  Disk disk() {
    return disk;
  }

  /** The same with a buffer of its own. */
  TreeBuilder forAnotherThread() {
    return new TreeBuilder(disk, uid, gid, scannedAt);
  }

  /** Fills the directories of a new tree. */
  interface Filler {
    /** False if the workspace changed since it was scanned. */
    boolean fill(Disk.Dir home, Disk.Dir root);
  }

  /** False if the workspace changed while it was copied; then nothing is published. */
  boolean build(Path trees, TreeFile tree, byte[] stored, Filler filler) {
    Bytes beside = Bytes.utf8(".new-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    try (Disk.Dir parent = disk.open(trees)) {
      try {
        if (!fill(parent, beside, tree, stored, filler)) {
          Directories.remove(disk, parent, beside);
          return false;
        }
        publish(parent, beside, tree.tree());
        return true;
      } catch (RuntimeException e) {
        Directories.remove(disk, parent, beside);
        throw e;
      }
    }
  }

  private boolean fill(Disk.Dir parent, Bytes beside, TreeFile tree, byte[] stored, Filler filler) {
    disk.mkdir(parent, beside, 0755);
    try (Disk.Dir home = disk.open(parent, RelativePath.of(beside))) {
      disk.mkdir(home, TreeStore.ROOT, 0700);
      own(home, TreeStore.ROOT);
      try (Disk.Dir root = disk.open(home, RelativePath.of(TreeStore.ROOT))) {
        if (!filler.fill(home, root)) {
          return false;
        }
      }
      disk.chmod(home, TreeStore.ROOT, tree.rootMode());
      AtomicFile.publish(disk, home, TreeStore.TREE, stored, Sharing.readable(disk, parent));
      return true;
    }
  }

  private void publish(Disk.Dir parent, Bytes beside, Digest digest) {
    try {
      disk.rename(parent, beside, parent, Bytes.utf8(digest.hex()), Disk.RenameMode.NOREPLACE);
    } catch (DiskException e) {
      Directories.remove(disk, parent, beside);
      if (e.errno() != Errno.EEXIST && e.errno() != Errno.ENOTEMPTY) {
        throw e;
      }
    }
  }

  /** Makes an entry as the scan saw it; false if the workspace has another one by now. */
  boolean copy(TreeFile.Node node, OpenDirectory source, Disk.Dir to) {
    Bytes name = node.path().name();
    switch (node.entry()) {
      case TreeEntry.Directory directory -> {
        disk.mkdir(to, name, 0700);
        own(to, name);
      }
      case TreeEntry.Symlink link -> {
        disk.symlink(to, name, link.target());
        own(to, name);
      }
      case TreeEntry.RegularFile file -> {
        if (!copyFile(node, file, source, to)) {
          return false;
        }
        own(to, name);
        disk.chmod(to, name, file.mode());
        disk.setModified(to, name, node.modified());
      }
    }
    return true;
  }

  private boolean copyFile(
      TreeFile.Node node, TreeEntry.RegularFile wanted, OpenDirectory source, Disk.Dir to) {
    try (Disk.DiskFile from =
            disk.open(source.of(node.path()), node.path().name(), Disk.OpenMode.READ);
        Disk.DiskFile copy = disk.create(to, node.path().name(), 0600)) {
      if (node.changed() >= scannedAt - WorkspaceScan.RACY_NANOS) {
        return BoundedReads.copy(disk, from, copy, buffer).equals(wanted.content());
      }
      // What was written since the scan has a later change time: no need to hash it all again.
      disk.copy(from, copy);
      return node.isAsScanned(disk.stat(from));
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR) {
        return false; // it changed since the scan
      }
      throw e;
    }
  }

  /** Links a file of a stored tree; false if it must be copied after all. */
  boolean link(RelativePath path, Disk.Dir from, Disk.Dir to) {
    try {
      disk.link(from, path.name(), to, path.name());
      return true;
    } catch (DiskException e) {
      if (e.errno() == Errno.EMLINK || e.errno() == Errno.ENOENT) {
        return false;
      }
      throw e;
    }
  }

  /** Modes and times of directories come last: filling one changes its time, and needs to write. */
  void finish(TreeFile.Node node, TreeEntry.Directory directory, Disk.Dir in) {
    disk.chmod(in, node.path().name(), directory.mode());
    disk.setModified(in, node.path().name(), node.modified());
  }

  private void own(Disk.Dir dir, Bytes name) {
    if (chown) {
      disk.chown(dir, name, uid, gid);
    }
  }
}
