package dev.tars.runner;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.FileImage;
import dev.tars.runner.plan.WorkspaceView;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.LinuxDisk;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A workspace as it lies on the disk, for what only reads it. */
public final class HostFiles implements WorkspaceView {
  private static final long MAX_FILE = 256L << 20;

  private final Disk disk = LinuxDisk.create();
  private final Path root;

  public HostFiles(Path root) {
    this.root = root;
  }

  @Override
  public Optional<FileImage> file(RelativePath path) {
    try (Disk.Dir top = disk.open(root);
        Disk.Dir dir = disk.open(top, path.parent())) {
      Optional<FileStat> stat = disk.stat(dir, path.name());
      if (stat.isEmpty()) {
        return Optional.empty();
      }
      return switch (stat.get().kind()) {
        case REGULAR ->
            Optional.of(new FileImage.Regular(content(dir, path.name()), stat.get().permissions()));
        case SYMLINK -> Optional.of(new FileImage.Link(disk.readlink(dir, path.name())));
        case DIRECTORY, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO, SOCKET, UNKNOWN -> Optional.empty();
      };
    } catch (DiskException e) {
      return absent(e, Optional.empty());
    }
  }

  private Bytes content(Disk.Dir dir, Bytes name) {
    try (Disk.DiskFile file = disk.open(dir, name, Disk.OpenMode.READ)) {
      if (disk.stat(file).size() > MAX_FILE) {
        throw RunnerException.of(
                FailureCode.RESOURCE_LIMIT, name + " is larger than " + MAX_FILE + " bytes")
            .help("keep the file out of the improvement");
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int n = disk.read(file, buffer, 0, buffer.length);
          n > 0 && out.size() <= MAX_FILE;
          n = disk.read(file, buffer, 0, buffer.length)) {
        out.write(buffer, 0, n);
      }
      return Bytes.of(out.toByteArray());
    }
  }

  @Override
  public List<Bytes> names(RelativePath directory) {
    try (Disk.Dir top = disk.open(root);
        Disk.Dir dir = disk.open(top, directory)) {
      return disk.list(dir).stream().map(Disk.DirEntry::name).toList();
    } catch (DiskException e) {
      return absent(e, List.of());
    }
  }

  /** A part of the path is no directory, or a link: then nothing is there. */
  private static <T> T absent(DiskException e, T nothing) {
    if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
      return nothing;
    }
    throw e;
  }
}
