package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import java.util.Optional;

/** What overlayfs shows of a path, worked out from the unmounted halves. */
final class Overlay {
  static final Bytes OPAQUE = Bytes.utf8("user.overlay.opaque");
  static final Bytes YES = Bytes.utf8("y");

  private final Disk disk;
  private final Layer layer;

  Overlay(Disk disk, Layer layer) {
    this.disk = disk;
    this.layer = layer;
  }

  /** Where the content of a path is. */
  sealed interface Place {
    /** In the upper directory. */
    record Upper(FileStat stat) implements Place {}

    /** Only in the baseline. */
    record Lower() implements Place {}

    /** Nowhere: there is nothing at the path. */
    record Absent() implements Place {}
  }

  Place place(RelativePath path) {
    try (Disk.Dir upper = disk.open(layer.upper())) {
      boolean lowerShows = true;
      RelativePath at = RelativePath.ROOT;
      for (Bytes name : path.components()) {
        RelativePath next = at.resolve(name);
        Optional<FileStat> stat = statIn(upper, at, name);
        if (stat.isEmpty()) {
          // Below a path that is not in the upper directory, nothing is.
          return lowerShows && layer.baseline().entry(path).isPresent()
              ? new Place.Lower()
              : new Place.Absent();
        }
        if (stat.get().isWhiteout()) {
          return new Place.Absent();
        }
        if (next.equals(path)) {
          return new Place.Upper(stat.get());
        }
        if (stat.get().kind() != FileKind.DIRECTORY) {
          return new Place.Absent();
        }
        lowerShows =
            lowerShows
                && !isOpaque(upper, at, name)
                && layer
                    .baseline()
                    .entry(next)
                    .filter(dev.tars.runner.model.TreeEntry.Directory.class::isInstance)
                    .isPresent();
        at = next;
      }
      return new Place.Lower();
    }
  }

  /** True if a directory that is made in {@code parent} would let the baseline show through. */
  boolean lowerShowsAt(RelativePath path) {
    if (layer.baseline().entry(path).isEmpty()) {
      return false;
    }
    try (Disk.Dir upper = disk.open(layer.upper())) {
      RelativePath at = RelativePath.ROOT;
      for (Bytes name : path.parent().components()) {
        Optional<FileStat> stat = statIn(upper, at, name);
        if (stat.isEmpty()) {
          return true;
        }
        if (stat.get().kind() != FileKind.DIRECTORY || isOpaque(upper, at, name)) {
          return false;
        }
        at = at.resolve(name);
      }
      return true;
    }
  }

  private Optional<FileStat> statIn(Disk.Dir upper, RelativePath parent, Bytes name) {
    try (Disk.Dir dir = disk.open(upper, parent)) {
      return disk.stat(dir, name);
    }
  }

  private boolean isOpaque(Disk.Dir upper, RelativePath parent, Bytes name) {
    try (Disk.Dir dir = disk.open(upper, parent)) {
      return isOpaque(disk, dir, name);
    }
  }

  static boolean isOpaque(Disk disk, Disk.Dir dir, Bytes name) {
    try {
      return disk.xattr(dir, name, OPAQUE).equals(YES);
    } catch (DiskException e) {
      if (e.errno() == Errno.ENODATA || e.errno() == Errno.EOPNOTSUPP) {
        return false;
      }
      throw e;
    }
  }
}
