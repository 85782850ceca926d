package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.RelativePath;
import java.io.OutputStream;
import java.nio.file.Path;

/** The directory of one execution context. Names are ours, never a plan's. */
public final class ContextDir {
  private final Disk disk;
  private final ContextId id;
  private final Path path;

  ContextDir(Disk disk, ContextId id, Path path) {
    this.disk = disk;
    this.id = id;
    this.path = path;
  }

  public ContextId id() {
    return id;
  }

  public Path path() {
    return path;
  }

  /** Publishes a file whole: a reader sees the old or the new content, never a part. */
  public void write(String name, byte[] content) {
    try (Disk.Dir dir = disk.open(path)) {
      AtomicFile.publish(disk, dir, Bytes.utf8(name), content);
    }
  }

  public boolean has(String name) {
    try (Disk.Dir dir = disk.open(path)) {
      return disk.stat(dir, Bytes.utf8(name)).isPresent();
    }
  }

  public byte[] read(String name) {
    try (Disk.Dir dir = disk.open(path)) {
      return AtomicFile.read(disk, dir, Bytes.utf8(name));
    }
  }

  /** Opens a file to append to, making it and the one directory it may be in. */
  public OutputStream append(String name) {
    int slash = name.indexOf('/');
    try (Disk.Dir dir = disk.open(path)) {
      if (slash < 0) {
        return new AppendStream(disk, dir, Bytes.utf8(name));
      }
      try (Disk.Dir below =
          Directories.openOrMake(disk, dir, Bytes.utf8(name.substring(0, slash)))) {
        return new AppendStream(disk, below, RelativePath.of(name).name());
      }
    }
  }
}
