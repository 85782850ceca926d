package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.util.Optional;
import java.util.function.Supplier;

/** Directories of our own state. */
public final class Directories {
  private static final int PRIVATE = 0700;

  private Directories() {}

  /**
   * Makes a directory in {@code parent} if it is not there; the name survives a power cut when this
   * returns. One that is there must be ours.
   */
  static void makeDurably(Disk disk, Disk.Dir parent, Bytes name) {
    Optional<FileStat> there = disk.stat(parent, name);
    if (there.isEmpty()) {
      openOrMake(disk, parent, name).close();
      disk.fsync(parent);
    }
    there.ifPresent(found -> Sharing.requireTrusted(disk, parent, name, found));
  }

  /** Opens a directory of the state directory; makes it, as shared as its parent, if need be. */
  public static Disk.Dir openOrMake(Disk disk, Disk.Dir parent, Bytes name) {
    return openOrMake(disk, parent, name, Sharing.directory(disk, parent));
  }

  /** Opens a directory in {@code parent}; makes it for us alone if it is not there. */
  public static Disk.Dir openOrMakePrivate(Disk disk, Disk.Dir parent, Bytes name) {
    return openOrMake(disk, parent, name, PRIVATE);
  }

  private static Disk.Dir openOrMake(Disk disk, Disk.Dir parent, Bytes name, int mode) {
    try {
      return disk.open(parent, RelativePath.of(name));
    } catch (DiskException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
    try {
      disk.mkdir(parent, name, mode);
    } catch (DiskException e) {
      if (e.errno() != Errno.EEXIST) { // another process made it first
        throw e;
      }
    }
    return disk.open(parent, RelativePath.of(name));
  }

  /** Fills a file that was just made; if that fails nothing of it stays to take up room. */
  static <T> T orUnlink(Disk disk, Disk.Dir dir, Bytes name, Supplier<T> fill) {
    try {
      return fill.get();
    } catch (DiskException | RunnerException e) {
      try {
        disk.unlink(dir, name);
      } catch (DiskException left) {
        e.addSuppressed(left); // what the caller must hear is why it could not be filled
      }
      throw e;
    }
  }

  static void orUnlink(Disk disk, Disk.Dir dir, Bytes name, Runnable fill) {
    Boolean _ =
        orUnlink(
            disk,
            dir,
            name,
            () -> {
              fill.run();
              return true;
            });
  }

  /** Removes a directory and all in it; what is not there is no error. */
  public static void remove(Disk disk, Disk.Dir parent, Bytes name) {
    var stat = disk.stat(parent, name);
    if (stat.isEmpty()) {
      return;
    }
    if (stat.get().kind() != FileKind.DIRECTORY) {
      disk.unlink(parent, name);
      return;
    }
    if ((stat.get().mode() & 0700) != 0700) {
      disk.chmod(parent, name, PRIVATE);
    }
    try (Disk.Dir dir = disk.open(parent, RelativePath.of(name))) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        if (entry.kind() == FileKind.DIRECTORY || entry.kind() == FileKind.UNKNOWN) {
          remove(disk, dir, entry.name());
        } else {
          disk.unlink(dir, entry.name());
        }
      }
    }
    disk.rmdir(parent, name);
  }
}
