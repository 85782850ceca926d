package dev.tars.runner.context;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.Sharing;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;

/**
 * What a run appended to in its context: its events, and what its commands printed. Others may have
 * put something else there since: whatever is no regular file, or larger than a run can make it, is
 * refused before it can block, lead elsewhere or fill the memory.
 */
final class KeptFile {
  private static final int BUFFER = 1 << 16;

  private final Disk disk;
  private final ContextDir context;

  KeptFile(Disk disk, ContextDir context) {
    this.disk = disk;
    this.context = context;
  }

  /** Is given the bytes of a file in order. */
  @FunctionalInterface
  interface Chunk {
    void take(byte[] bytes, int length) throws IOException;
  }

  /**
   * The files of a directory of the context whose names end so, in order of their names; none if
   * there is no such directory.
   *
   * @throws RunnerException INTEGRITY if something else than a directory stands there
   */
  List<Bytes> names(String directory, String suffix) {
    try (Disk.Dir top = disk.open(context.path());
        Disk.Dir dir = disk.open(top, RelativePath.of(directory))) {
      return disk.list(dir).stream()
          .map(Disk.DirEntry::name)
          .filter(name -> name.lossyText().endsWith(suffix))
          .toList();
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return List.of();
      }
      if (e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR) {
        throw replaced(directory, "it is no directory").cause(e).help(help());
      }
      throw e;
    }
  }

  /**
   * Reads a file from a position on.
   *
   * @return false if there is no such file
   * @throws RunnerException INTEGRITY if it cannot be one of ours
   */
  boolean read(RelativePath name, long from, long max, Chunk each) throws IOException {
    try (Disk.Dir top = disk.open(context.path());
        Disk.Dir dir = disk.open(top, name.parent())) {
      return read(dir, name, from, max, each);
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      if (e.errno() == Errno.ELOOP || e.errno() == Errno.ENOTDIR) {
        throw replaced(name.toString(), "it is no file of ours").cause(e).help(help());
      }
      throw e;
    }
  }

  private boolean read(Disk.Dir dir, RelativePath name, long from, long max, Chunk each)
      throws IOException {
    FileStat stat = disk.stat(dir, name.name()).orElse(null);
    if (stat == null) {
      return false;
    }
    if (stat.kind() != FileKind.REGULAR) {
      String kind = stat.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      throw replaced(name.toString(), "it is a " + kind).help(help());
    }
    Sharing.requireTrusted(disk, dir, name.name(), stat);
    // Opened without waiting and without following, and looked at again, by the disk.
    try (Disk.DiskFile file = disk.open(dir, name.name(), Disk.OpenMode.READ)) {
      long size = disk.stat(file).size();
      if (size > max) {
        throw replaced(name.toString(), "it has " + size + " bytes, at most " + max + " can be")
            .help(help());
      }
      if (size < from) {
        throw replaced(name.toString(), "it is shorter than it was").help(help());
      }
      disk.seek(file, from);
      byte[] buffer = new byte[BUFFER];
      // Not past the size it had: it may grow as fast as it is read.
      for (long left = size - from; left > 0; ) {
        int n = disk.read(file, buffer, 0, (int) Math.min(left, buffer.length));
        if (n <= 0) {
          break;
        }
        each.take(buffer, n);
        left -= n;
      }
      return true;
    }
  }

  /** All of a file, for {@code out}. */
  boolean copy(RelativePath name, long max, OutputStream out) throws IOException {
    return read(name, 0, max, (bytes, length) -> out.write(bytes, 0, length));
  }

  RunnerException.Builder replaced(String name, String why) {
    return RunnerException.of(
            FailureCode.INTEGRITY,
            Escape.line(name) + " of " + context.id() + " is not what a run leaves: " + why)
        .at(Escape.line(context.path().toString() + "/" + name))
        .note("nothing was changed");
  }

  private String help() {
    return "move away what stands there; `tarscli audit show --context-id "
        + context.id()
        + "` says what the run did";
  }
}
