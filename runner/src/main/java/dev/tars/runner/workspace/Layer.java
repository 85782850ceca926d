package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The private, writable half of an overlay on one baseline. Generated names only: the engine takes
 * commas and colons of a path for its own.
 *
 * @param uid owner of everything in it
 */
public record Layer(Disk disk, Path home, Baseline baseline, int uid, int gid) {
  private static final Bytes UPPER = Bytes.utf8("upper");
  private static final Bytes WORK = Bytes.utf8("work");

  /** Makes an empty layer at {@code home}, which must not exist; its parent must. */
  public static Layer create(Disk disk, Path home, Baseline baseline, int uid, int gid) {
    Layer layer = new Layer(disk, home, baseline, uid, gid);
    try (Disk.Dir parent = disk.open(java.util.Objects.requireNonNull(home.getParent()))) {
      Bytes name = Bytes.utf8(String.valueOf(home.getFileName()));
      disk.mkdir(parent, name, 0711);
      try (Disk.Dir dir = disk.open(parent, RelativePath.of(name))) {
        layer.make(dir, UPPER, baseline.rootMode());
        layer.make(dir, WORK, 0700);
      }
    }
    return layer;
  }

  private void make(Disk.Dir dir, Bytes name, int mode) {
    disk.mkdir(dir, name, mode);
    if (Owner.weAreRoot()) {
      disk.chown(dir, name, uid, gid);
    }
  }

  /** Topmost first. */
  public List<Path> lowers() {
    return baseline.lowers();
  }

  public Path upper() {
    return home.resolve("upper");
  }

  public Path work() {
    return home.resolve("work");
  }

  /**
   * Removes the layer. Never while it is mounted.
   *
   * @param emptyWork empties the work directory where the kernel left things of its own in it
   */
  public void discard(Consumer<Path> emptyWork) {
    emptyWork.accept(work());
    try (Disk.Dir parent = disk.open(java.util.Objects.requireNonNull(home.getParent()))) {
      Directories.remove(disk, parent, Bytes.utf8(String.valueOf(home.getFileName())));
    }
  }
}
