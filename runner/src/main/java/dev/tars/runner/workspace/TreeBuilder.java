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
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a baseline beside its place, then publishes it in one step. A file that is the same as in
 * the previous baseline, at the same path, is a hard link to it.
 */
final class TreeBuilder {
  private final Disk disk;
  private final int uid;
  private final int gid;
  private final boolean chown = Owner.weAreRoot();
  private final byte[] buffer = Contents.buffer();

  TreeBuilder(Disk disk, int uid, int gid) {
    this.disk = disk;
    this.uid = uid;
    this.gid = gid;
  }

  /** False if the workspace changed while it was copied; then nothing is published. */
  boolean build(Disk.Dir source, TreeFile tree, Path trees, Optional<Baseline> previous) {
    Bytes beside = Bytes.utf8(".new-" + ProcessHandle.current().pid() + "-" + System.nanoTime());
    try (Disk.Dir parent = disk.open(trees)) {
      try {
        if (!fill(source, tree, parent, beside, previous)) {
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

  private boolean fill(
      Disk.Dir source, TreeFile tree, Disk.Dir parent, Bytes beside, Optional<Baseline> previous) {
    disk.mkdir(parent, beside, 0755);
    try (Disk.Dir home = disk.open(parent, RelativePath.of(beside))) {
      disk.mkdir(home, Baselines.rootName(), 0700);
      own(home, Baselines.rootName());
      try (Disk.Dir root = disk.open(home, RelativePath.of(Baselines.rootName()))) {
        Optional<Disk.Dir> old = previous.map(b -> disk.open(b.lower()));
        try {
          Copy copy = new Copy(source, root, old, previous);
          for (TreeFile.Node node : tree.nodes()) {
            if (!copy.add(node)) {
              return false;
            }
          }
          copy.finish(tree);
        } finally {
          old.ifPresent(Disk.Dir::close);
        }
      }
      disk.chmod(home, Baselines.rootName(), tree.rootMode());
      AtomicFile.publish(disk, home, Baselines.treeName(), tree.toBytes());
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

  private void own(Disk.Dir dir, Bytes name) {
    if (chown) {
      disk.chown(dir, name, uid, gid);
    }
  }

  /** Keeps the directories of the last entry open: entries come in path order. */
  private final class Copy {
    private final Disk.Dir source;
    private final Disk.Dir target;
    private final Optional<Disk.Dir> old;
    private final Optional<Baseline> previous;

    Copy(Disk.Dir source, Disk.Dir target, Optional<Disk.Dir> old, Optional<Baseline> previous) {
      this.source = source;
      this.target = target;
      this.old = old;
      this.previous = previous;
    }

    boolean add(TreeFile.Node node) {
      RelativePath path = node.path();
      try (Disk.Dir to = disk.open(target, path.parent())) {
        switch (node.entry()) {
          case TreeEntry.Directory directory -> disk.mkdir(to, path.name(), 0700);
          case TreeEntry.Symlink link -> disk.symlink(to, path.name(), link.target());
          case TreeEntry.RegularFile file -> {
            if (linked(node, to)) {
              return true;
            }
            if (!copied(path, file, to)) {
              return false;
            }
          }
        }
        own(to, path.name());
        if (node.entry() instanceof TreeEntry.RegularFile file) {
          disk.chmod(to, path.name(), file.mode());
          disk.setModified(to, path.name(), node.modified());
        }
        return true;
      }
    }

    private boolean linked(TreeFile.Node node, Disk.Dir to) {
      boolean same =
          previous
              .flatMap(p -> p.node(node.path()))
              .filter(b -> b.entry().equals(node.entry()) && b.modified() == node.modified())
              .isPresent();
      if (!same) {
        return false;
      }
      try (Disk.Dir from = disk.open(old.orElseThrow(), node.path().parent())) {
        disk.link(from, node.path().name(), to, node.path().name());
        return true;
      } catch (DiskException e) {
        if (e.errno() == Errno.EMLINK || e.errno() == Errno.ENOENT) {
          return false; // then it is copied
        }
        throw e;
      }
    }

    private boolean copied(RelativePath path, TreeEntry.RegularFile wanted, Disk.Dir to) {
      try (Disk.Dir dir = disk.open(source, path.parent());
          Disk.DiskFile from = disk.open(dir, path.name(), Disk.OpenMode.READ);
          Disk.DiskFile copy = disk.create(to, path.name(), 0600)) {
        return Contents.copy(disk, from, copy, buffer).equals(wanted.content());
      } catch (DiskException e) {
        if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR) {
          return false; // it changed since the scan
        }
        throw e;
      }
    }

    /** Modes and times of directories last: filling one changes its time, and may need to write. */
    void finish(TreeFile tree) {
      for (TreeFile.Node node : tree.nodes().reversed()) {
        if (node.entry() instanceof TreeEntry.Directory directory) {
          try (Disk.Dir dir = disk.open(target, node.path().parent())) {
            disk.chmod(dir, node.path().name(), directory.mode());
            disk.setModified(dir, node.path().name(), node.modified());
          }
        }
      }
    }
  }
}
