package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import java.util.concurrent.atomic.AtomicLong;

/** Small files that are replaced whole. */
public final class AtomicFile {
  private static final AtomicLong SEQUENCE = new AtomicLong();

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

  /** All of a file. */
  public static byte[] read(Disk disk, Disk.Dir dir, Bytes name) {
    try (Disk.DiskFile file = disk.open(dir, name, Disk.OpenMode.READ)) {
      byte[] content = new byte[Math.toIntExact(disk.stat(file).size())];
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
}
