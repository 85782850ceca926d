package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one writer of layers: file steps and clean rooms use it. Never while the layer is mounted.
 *
 * <p>Ancestors take the baseline's metadata; a directory made over a whiteout is opaque; a whiteout
 * stands only where the baseline shows through; files are replaced by rename.
 */
public final class LayerWriter {
  private static final AtomicLong TEMPORARY = new AtomicLong();

  private final Disk disk;
  private final Layer layer;
  private final Overlay overlay;
  private final boolean chown = Owner.weAreRoot();

  public LayerWriter(Disk disk, Layer layer) {
    this.disk = disk;
    this.layer = layer;
    this.overlay = new Overlay(disk, layer);
  }

  /** Puts a whole change set on an empty layer; the contents are those of the store. */
  public void apply(ChangeSet changeSet, ObjectStore objects) {
    for (Change change : changeSet.changes()) {
      switch (change.after().orElse(null)) {
        case null -> delete(change.path());
        case TreeEntry.RegularFile file ->
            write(change.path(), objects, file.content(), file.mode());
        case TreeEntry.Symlink link -> symlink(change.path(), link.target());
        case TreeEntry.Directory directory -> mkdir(change.path(), directory.mode());
      }
    }
  }

  /** What stands at a path, as a container would see it. */
  public Optional<TreeEntry> entry(RelativePath path) {
    return switch (overlay.place(path)) {
      case Overlay.Place.Absent a -> Optional.empty();
      case Overlay.Place.Lower l -> layer.baseline().entry(path);
      case Overlay.Place.Upper upper -> upperEntry(path, upper.stat());
    };
  }

  private Optional<TreeEntry> upperEntry(RelativePath path, FileStat stat) {
    try (Disk.Dir root = disk.open(layer.upper());
        Disk.Dir dir = disk.open(root, path.parent())) {
      return switch (stat.kind()) {
        case DIRECTORY -> Optional.of(new TreeEntry.Directory(stat.permissions()));
        case SYMLINK -> Optional.of(new TreeEntry.Symlink(disk.readlink(dir, path.name())));
        case REGULAR -> {
          try (Disk.DiskFile file = disk.open(dir, path.name(), Disk.OpenMode.READ)) {
            yield Optional.of(
                new TreeEntry.RegularFile(
                    stat.permissions(),
                    BoundedReads.hash(disk, file, BoundedReads.buffer()),
                    stat.size()));
          }
        }
        case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> Optional.empty();
      };
    }
  }

  /**
   * All of a file, as a container would see it.
   *
   * @throws RunnerException NOT_FOUND if there is no regular file, RESOURCE_LIMIT if it is too long
   */
  public byte[] read(RelativePath path, long maxBytes) {
    return switch (overlay.place(path)) {
      case Overlay.Place.Lower l -> layer.baseline().read(path, maxBytes);
      case Overlay.Place.Upper upper when upper.stat().kind() == FileKind.REGULAR -> {
        try (Disk.Dir root = disk.open(layer.upper());
            Disk.Dir dir = disk.open(root, path.parent());
            Disk.DiskFile file = disk.open(dir, path.name(), Disk.OpenMode.READ)) {
          yield BoundedReads.readAll(disk, file, maxBytes);
        }
      }
      case Overlay.Place.Upper u -> throw notAFile(path);
      case Overlay.Place.Absent a -> throw notAFile(path);
    };
  }

  /**
   * Everything below a directory (nothing, if it is none), as a container would see it, in path
   * order.
   */
  public NavigableSet<RelativePath> below(RelativePath directory) {
    NavigableSet<RelativePath> found = new TreeSet<>();
    for (RelativePath path : layer.baseline().below(directory)) {
      if (!(overlay.place(path) instanceof Overlay.Place.Absent)) {
        found.add(path);
      }
    }
    if (overlay.place(directory) instanceof Overlay.Place.Upper upper
        && upper.stat().kind() == FileKind.DIRECTORY) {
      try (Disk.Dir root = disk.open(layer.upper())) {
        addUpper(root, directory, found);
      }
    }
    return found;
  }

  private void addUpper(Disk.Dir root, RelativePath directory, NavigableSet<RelativePath> found) {
    try (Disk.Dir dir = disk.open(root, directory)) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        RelativePath path = directory.resolve(entry.name());
        FileStat stat = disk.stat(dir, entry.name()).orElseThrow();
        if (!stat.isWhiteout()) {
          found.add(path);
        }
        if (stat.kind() == FileKind.DIRECTORY) {
          addUpper(root, path, found);
        }
      }
    }
  }

  private static RunnerException notAFile(RelativePath path) {
    return new RunnerException(
        FailureCode.NOT_FOUND, path + " is not a regular file", "name a file of the workspace");
  }

  public void write(RelativePath path, byte[] content, int mode) {
    put(path, mode, file -> disk.write(file, content, 0, content.length));
  }

  /** Writes an object of the store; its digest is checked while it is copied. */
  public void write(RelativePath path, ObjectStore objects, Digest content, int mode) {
    put(
        path,
        mode,
        file -> {
          try (InputStream in = objects.open(content)) {
            byte[] buffer = BoundedReads.buffer();
            for (int n = in.read(buffer, 0, buffer.length);
                n > 0;
                n = in.read(buffer, 0, buffer.length)) {
              disk.write(file, buffer, 0, n);
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private interface Filler {
    void fill(Disk.DiskFile file);
  }

  private void put(RelativePath path, int mode, Filler filler) {
    try (Disk.Dir root = disk.open(layer.upper());
        Disk.Dir dir = parent(root, path)) {
      Bytes temporary = temporary();
      try (Disk.DiskFile file = disk.create(dir, temporary, mode)) {
        filler.fill(file);
      }
      place(dir, temporary, path);
    }
  }

  public void symlink(RelativePath path, Bytes target) {
    try (Disk.Dir root = disk.open(layer.upper());
        Disk.Dir dir = parent(root, path)) {
      Bytes temporary = temporary();
      disk.symlink(dir, temporary, target);
      place(dir, temporary, path);
    }
  }

  /** Makes a directory, or gives an existing one these permission bits. */
  public void mkdir(RelativePath path, int mode) {
    Overlay.Place place = overlay.place(path);
    boolean isDirectory = entryKindIsDirectory(place, path);
    try (Disk.Dir root = disk.open(layer.upper());
        Disk.Dir dir = parent(root, path)) {
      if (isDirectory) {
        copyUpDirectory(dir, path);
        disk.chmod(dir, path.name(), mode);
        return;
      }
      boolean opaque = overlay.lowerShowsAt(path);
      Bytes temporary = temporary();
      disk.mkdir(dir, temporary, mode);
      if (opaque) {
        disk.setXattr(dir, temporary, Overlay.OPAQUE, Overlay.YES);
      }
      place(dir, temporary, path);
    }
  }

  private boolean entryKindIsDirectory(Overlay.Place place, RelativePath path) {
    return switch (place) {
      case Overlay.Place.Absent a -> false;
      case Overlay.Place.Upper u -> u.stat().kind() == FileKind.DIRECTORY;
      case Overlay.Place.Lower l ->
          layer.baseline().entry(path).filter(TreeEntry.Directory.class::isInstance).isPresent();
    };
  }

  /** Removes whatever stands at a path, a directory with all in it. */
  public void delete(RelativePath path) {
    if (overlay.place(path) instanceof Overlay.Place.Absent) {
      return;
    }
    boolean whiteout = overlay.lowerShowsAt(path);
    try (Disk.Dir root = disk.open(layer.upper());
        Disk.Dir dir = parent(root, path)) {
      Directories.remove(disk, dir, path.name());
      if (whiteout) {
        disk.whiteout(dir, path.name());
      }
    }
  }

  /** Moves a finished entry to its place; what stood there in this layer goes. */
  private void place(Disk.Dir dir, Bytes temporary, RelativePath path) {
    if (chown) {
      disk.chown(dir, temporary, layer.uid(), layer.gid());
    }
    boolean directoryInTheWay =
        disk.stat(dir, path.name()).filter(s -> s.kind() == FileKind.DIRECTORY).isPresent();
    boolean isDirectory =
        disk.stat(dir, temporary).filter(s -> s.kind() == FileKind.DIRECTORY).isPresent();
    if (directoryInTheWay || isDirectory) {
      Directories.remove(disk, dir, path.name());
    }
    disk.rename(dir, temporary, dir, path.name(), Disk.RenameMode.REPLACE);
  }

  /** Opens the parent of a path in the upper directory; copies up what is missing of it. */
  private Disk.Dir parent(Disk.Dir root, RelativePath path) {
    RelativePath at = RelativePath.ROOT;
    for (Bytes name : path.parent().components()) {
      RelativePath next = at.resolve(name);
      try (Disk.Dir dir = disk.open(root, at)) {
        copyUpDirectory(dir, next);
      }
      at = next;
    }
    return disk.open(root, path.parent());
  }

  /** Makes the directory in the layer if it is only in the baseline, or nowhere. */
  private void copyUpDirectory(Disk.Dir dir, RelativePath path) {
    Optional<FileStat> there = disk.stat(dir, path.name());
    if (there.isPresent() && there.get().kind() == FileKind.DIRECTORY) {
      return;
    }
    Optional<TreeEntry> below =
        there.isPresent() || !overlay.lowerShowsAt(path)
            ? Optional.empty()
            : layer.baseline().entry(path);
    if (there.isPresent() && !there.get().isWhiteout()) {
      throw notADirectory(path);
    }
    if (below.isPresent() && !(below.get() instanceof TreeEntry.Directory)) {
      throw notADirectory(path);
    }
    int mode = below.map(TreeEntry::mode).orElse(0755);
    boolean opaque = there.isPresent() && overlay.lowerShowsAt(path);
    if (there.isPresent()) {
      disk.unlink(dir, path.name());
    }
    disk.mkdir(dir, path.name(), mode);
    if (opaque) {
      disk.setXattr(dir, path.name(), Overlay.OPAQUE, Overlay.YES);
    }
    if (chown) {
      disk.chown(dir, path.name(), layer.uid(), layer.gid());
    }
  }

  private static RunnerException notADirectory(RelativePath path) {
    return RunnerException.of(FailureCode.EDIT_CONFLICT, path + " is not a directory")
        .note("a file or a link stands in the way")
        .help("delete it in an earlier step, or choose another path");
  }

  private static Bytes temporary() {
    return Bytes.utf8(".tars-new-" + TEMPORARY.incrementAndGet());
  }
}
