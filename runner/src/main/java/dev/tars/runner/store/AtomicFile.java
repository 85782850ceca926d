package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.concurrent.atomic.AtomicLong;

/** Small files that are replaced whole. */
public final class AtomicFile {
  private static final AtomicLong SEQUENCE = new AtomicLong();

  /** More than any document of ours; less than what would take the memory of the process. */
  private static final int MAX = 64 << 20;

  private static final String HELP =
      "move away what stands there and run `tarscli audit verify`; restore the state directory"
          + " from a backup, or run the improvement again";

  private AtomicFile() {}

  /**
   * Writes beside, then renames over. Not synced: a power cut may bring the old content back, or
   * leave none.
   */
  public static void publish(Disk disk, Disk.Dir dir, Bytes name, byte[] content) {
    publish(disk, dir, name, content, Sharing.file(disk, dir));
  }

  /** The same, with a mode of its own. */
  public static void publish(Disk disk, Disk.Dir dir, Bytes name, byte[] content, int mode) {
    Bytes beside = beside(disk, dir, content, mode, false);
    disk.rename(dir, beside, dir, name, Disk.RenameMode.REPLACE);
  }

  /**
   * Writes beside and syncs, then takes the name unless somebody has it. When this returns the name
   * survives a power cut with all of its content, whoever wrote it.
   */
  public static void publishOnce(Disk disk, Disk.Dir dir, Bytes name, byte[] content, int mode) {
    Bytes beside = beside(disk, dir, content, mode, true);
    try {
      disk.rename(dir, beside, dir, name, Disk.RenameMode.NOREPLACE);
    } catch (DiskException e) {
      disk.unlink(dir, beside);
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    disk.fsync(dir);
  }

  private static Bytes beside(Disk disk, Disk.Dir dir, byte[] content, int mode, boolean durable) {
    Bytes beside =
        Bytes.utf8(".new-" + ProcessHandle.current().pid() + "-" + SEQUENCE.incrementAndGet());
    try (Disk.DiskFile file = disk.create(dir, beside, mode)) {
      Directories.orUnlink(
          disk,
          dir,
          beside,
          () -> {
            disk.write(file, content, 0, content.length);
            if (durable) {
              disk.fsync(file);
            }
          });
    }
    return beside;
  }

  /**
   * All of a file.
   *
   * @throws RunnerException INTEGRITY if no file of ours can stand there: a link, a pipe, a
   *     directory, or more than {@value #MAX} bytes
   */
  public static byte[] read(Disk disk, Disk.Dir dir, Bytes name) {
    try (Disk.DiskFile file = openOurs(disk, dir, name)) {
      FileStat found = disk.stat(file);
      Sharing.requireTrusted(disk, dir, name, found);
      long size = found.size();
      if (size > MAX) {
        throw notOurs(file.where(), "it has " + size + " bytes").help(HELP);
      }
      byte[] content = new byte[(int) size];
      int at = 0;
      while (at < content.length) {
        int n = disk.read(file, content, at, content.length - at);
        if (n <= 0) {
          return java.util.Arrays.copyOf(content, at);
        }
        at += n;
      }
      return content;
    }
  }

  /** Opens a file of the state directory, where we never make a link, a pipe or a device. */
  static Disk.DiskFile openOurs(Disk disk, Disk.Dir dir, Bytes name) {
    try {
      return disk.open(dir, name, Disk.OpenMode.READ);
    } catch (DiskException e) {
      if (e.errno() != Errno.ELOOP && e.errno() != Errno.EINVAL) {
        throw e;
      }
      FileKind kind = disk.stat(dir, name).map(FileStat::kind).orElse(FileKind.UNKNOWN);
      throw notOurs(
              dir.where() + "/" + name,
              "it is a " + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
          .cause(e)
          .help(HELP);
    }
  }

  private static RunnerException.Builder notOurs(String where, String why) {
    return RunnerException.of(
            FailureCode.INTEGRITY, "a file of the state directory was replaced: " + why)
        .at(Escape.line(where))
        .note("nothing was changed");
  }
}
