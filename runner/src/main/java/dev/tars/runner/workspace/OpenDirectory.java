package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;

/** Keeps the directory of the last entry open: entries that come in path order mostly share it. */
final class OpenDirectory implements AutoCloseable {
  private final Disk disk;
  private final Disk.Dir root;
  private RelativePath at = RelativePath.ROOT;
  private Disk.Dir current;

  OpenDirectory(Disk disk, Path root) {
    this(disk, disk.open(root));
  }

  /** Takes {@code root} over and closes it at the end. */
  OpenDirectory(Disk disk, Disk.Dir root) {
    this.disk = disk;
    this.root = root;
    this.current = root;
  }

  /** The directory that holds {@code path}; ours to close. */
  Disk.Dir of(RelativePath path) {
    RelativePath parent = path.parent();
    if (!parent.equals(at)) {
      Disk.Dir next = parent.isRoot() ? root : disk.open(root, parent);
      closeCurrent();
      current = next;
      at = parent;
    }
    return current;
  }

  private void closeCurrent() {
    if (!at.isRoot()) {
      current.close();
    }
  }

  @Override
  public void close() {
    closeCurrent();
    root.close();
  }
}
