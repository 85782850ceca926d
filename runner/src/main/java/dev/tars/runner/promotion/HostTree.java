package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.WorkspaceDir;
import java.security.MessageDigest;
import java.util.Optional;

/** The workspace on the host, opened once and known by its inode. Reads it; changes nothing. */
final class HostTree implements AutoCloseable {
  private final Disk disk;
  private final Disk.Dir root;
  private final byte[] buffer = new byte[1 << 17];

  private HostTree(Disk disk, Disk.Dir root) {
    this.disk = disk;
    this.root = root;
  }

  /** Throws STALE if the path is not the directory it was. */
  static HostTree open(Disk disk, WorkspaceDir workspace) {
    Disk.Dir root = disk.open(workspace.root());
    if (!disk.stat(root).sameFile(workspace.rootStat())) {
      root.close();
      throw RunnerException.of(
              FailureCode.STALE, "the workspace is not the directory it was when the run began")
          .at(Escape.line(workspace.root().toString()))
          .note("nothing was changed")
          .help("find out who replaced it, then run again");
    }
    return new HostTree(disk, root);
  }

  Disk.Dir root() {
    return root;
  }

  /** Opens a directory of ours in the root. */
  Disk.Dir below(Bytes name) {
    return disk.open(root, RelativePath.of(name));
  }

  /** Opens the directory that a path is in; empty if there is none, or a link is in the way. */
  Optional<Disk.Dir> parent(RelativePath path) {
    return directory(path.parent());
  }

  /** Opens a directory; empty if there is none, or a link is in the way. */
  Optional<Disk.Dir> directory(RelativePath path) {
    try {
      return Optional.of(disk.open(root, path));
    } catch (DiskException e) {
      return switch (e.errno()) {
        case ENOENT, ENOTDIR, ELOOP -> Optional.empty();
        default -> throw e;
      };
    }
  }

  Optional<FileStat> stat(RelativePath path) {
    Optional<Disk.Dir> parent = parent(path);
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (Disk.Dir dir = parent.get()) {
      return disk.stat(dir, path.name());
    }
  }

  /** What stands at a path now; a special file is no entry and equals none. */
  Optional<TreeEntry> entry(RelativePath path) {
    Optional<Disk.Dir> parent = parent(path);
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (Disk.Dir dir = parent.get()) {
      return entry(dir, path.name());
    }
  }

  Optional<TreeEntry> entry(Disk.Dir dir, Bytes name) {
    return entry(dir, name, disk.stat(dir, name));
  }

  /** The same for who has looked at it just now. */
  Optional<TreeEntry> entry(Disk.Dir dir, Bytes name, Optional<FileStat> stat) {
    if (stat.isEmpty()) {
      return Optional.empty();
    }
    try {
      return switch (stat.get().kind()) {
        case DIRECTORY -> Optional.of(new TreeEntry.Directory(stat.get().permissions()));
        case SYMLINK -> Optional.of(new TreeEntry.Symlink(disk.readlink(dir, name)));
        case REGULAR -> {
          try (Disk.DiskFile file = disk.open(dir, name, Disk.OpenMode.READ)) {
            Digest digest = hash(file);
            FileStat now = disk.stat(file);
            yield Optional.of(new TreeEntry.RegularFile(now.permissions(), digest, now.size()));
          }
        }
        // Nothing that a transaction expects or makes: it never matches.
        case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN ->
            Optional.of(new TreeEntry.Symlink(Bytes.utf8("\0special")));
      };
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ELOOP) {
        return entry(dir, name); // it changed between two looks
      }
      throw e;
    }
  }

  private Digest hash(Disk.DiskFile file) {
    MessageDigest md = Digest.sha256();
    for (int n = disk.read(file, buffer, 0, buffer.length);
        n > 0;
        n = disk.read(file, buffer, 0, buffer.length)) {
      md.update(buffer, 0, n);
    }
    return Digest.finish(md);
  }

  @Override
  public void close() {
    root.close();
  }
}
