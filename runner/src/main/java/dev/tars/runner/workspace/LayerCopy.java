package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;

/**
 * What stood in a layer at one moment, beside it. Files are copied and never linked: the next
 * command may write into them. Never while the layer is mounted.
 */
public final class LayerCopy {
  private static final Bytes UPPER = Bytes.utf8("upper");

  private final Disk disk;
  private final Layer layer;
  private final Bytes name;

  private LayerCopy(Disk disk, Layer layer, Bytes name) {
    this.disk = disk;
    this.layer = layer;
    this.name = name;
  }

  /**
   * Copies what is in the layer now.
   *
   * @param number tells the copies of one layer apart
   * @throws RunnerException CHANGE_REFUSED if something in it is neither file, directory nor link
   */
  public static LayerCopy take(Layer layer, int number) {
    LayerCopy copy = new LayerCopy(layer.disk(), layer, Bytes.utf8("saved-" + number));
    Disk disk = layer.disk();
    try (Disk.Dir home = disk.open(layer.home());
        Disk.Dir upper = disk.open(home, RelativePath.of(UPPER))) {
      copy.make(home, copy.name, disk.stat(upper));
      try (Disk.Dir to = disk.open(home, RelativePath.of(copy.name))) {
        copy.copy(upper, to);
      }
    }
    return copy;
  }

  /** Puts the layer back to that moment; the copy is used up. */
  public void restore() {
    try (Disk.Dir home = disk.open(layer.home())) {
      Directories.remove(disk, home, UPPER);
      disk.rename(home, name, home, UPPER, Disk.RenameMode.NOREPLACE);
    }
  }

  /** Removes the copy. */
  public void discard() {
    try (Disk.Dir home = disk.open(layer.home())) {
      Directories.remove(disk, home, name);
    }
  }

  /** Empties a layer: the workspace is the baseline again. */
  public static void empty(Layer layer) {
    try (Disk.Dir home = layer.disk().open(layer.home());
        Disk.Dir upper = layer.disk().open(home, RelativePath.of(UPPER))) {
      for (Disk.DirEntry entry : layer.disk().list(upper)) {
        Directories.remove(layer.disk(), upper, entry.name());
      }
    }
  }

  private void copy(Disk.Dir from, Disk.Dir to) {
    for (Disk.DirEntry entry : disk.list(from)) {
      FileStat stat = disk.stat(from, entry.name()).orElseThrow();
      one(from, to, entry.name(), stat);
      if (stat.kind() == FileKind.REGULAR || stat.kind() == FileKind.DIRECTORY) {
        for (Bytes attribute : disk.xattrs(from, entry.name())) {
          disk.setXattr(to, entry.name(), attribute, disk.xattr(from, entry.name(), attribute));
        }
      }
      if (Owner.weAreRoot()) {
        disk.chown(to, entry.name(), stat.uid(), stat.gid());
      }
      disk.setModified(to, entry.name(), stat.modifiedNanos());
    }
  }

  private void one(Disk.Dir from, Disk.Dir to, Bytes entry, FileStat stat) {
    switch (stat.kind()) {
      case REGULAR -> {
        try (Disk.DiskFile source = disk.open(from, entry, Disk.OpenMode.READ);
            Disk.DiskFile target = disk.create(to, entry, stat.permissions())) {
          disk.copy(source, target);
        }
      }
      case DIRECTORY -> {
        make(to, entry, stat);
        try (Disk.Dir below = disk.open(from, RelativePath.of(entry));
            Disk.Dir copied = disk.open(to, RelativePath.of(entry))) {
          copy(below, copied);
        }
      }
      case SYMLINK -> disk.symlink(to, entry, disk.readlink(from, entry));
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> {
        if (!stat.isWhiteout()) {
          throw RunnerException.of(
                  FailureCode.CHANGE_REFUSED,
                  "a step left something that is neither file, directory nor link")
              .note("it is named " + dev.tars.runner.model.Escape.name(entry))
              .help("the command must remove it before it ends");
        }
        disk.whiteout(to, entry);
      }
    }
  }

  private void make(Disk.Dir in, Bytes directory, FileStat like) {
    disk.mkdir(in, directory, like.permissions());
    if (Owner.weAreRoot()) {
      disk.chown(in, directory, like.uid(), like.gid());
    }
  }
}
