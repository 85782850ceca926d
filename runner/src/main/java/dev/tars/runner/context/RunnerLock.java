package dev.tars.runner.context;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.Sharing;

/**
 * Says whether the process that works on a context is alive: it holds a lock on a file for as long
 * as it lives, however it dies.
 */
public final class RunnerLock implements AutoCloseable {
  private static final Bytes NAME = Bytes.utf8("runner.lock");

  private final Disk.Dir dir;
  private final Disk.DiskFile file;

  private RunnerLock(Disk.Dir dir, Disk.DiskFile file) {
    this.dir = dir;
    this.file = file;
  }

  /** Takes the lock of a context; false in {@link #isHeld} afterwards if another process has it. */
  public static RunnerLock take(Disk disk, ContextDir context) {
    Disk.Dir dir = disk.open(context.path());
    Disk.DiskFile file;
    try {
      file = openOrCreate(disk, dir);
    } catch (DiskException e) {
      dir.close();
      throw orReplaced(e, disk, context);
    }
    if (!disk.tryLock(file)) {
      file.close();
      dir.close();
      throw new dev.tars.runner.model.RunnerException(
          dev.tars.runner.model.FailureCode.LOCKED,
          "another process works on " + context.id(),
          "wait for it with `tarscli execute monitor --context-id " + context.id() + "`");
    }
    return new RunnerLock(dir, file);
  }

  /** True if a living process holds the lock. */
  public static boolean isHeld(Disk disk, ContextDir context) {
    try (Disk.Dir dir = disk.open(context.path());
        Disk.DiskFile file = disk.open(dir, NAME, Disk.OpenMode.WRITE)) {
      return !disk.tryLock(file);
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return false;
      }
      throw orReplaced(e, disk, context);
    }
  }

  /** We make it as a file; a lock on anything else would say nothing. */
  private static RuntimeException orReplaced(DiskException e, Disk disk, ContextDir context) {
    return e.errno() == Errno.ELOOP || e.errno() == Errno.EINVAL
        ? new KeptFile(disk, context)
            .replaced(NAME.lossyText(), "it is no file")
            .cause(e)
            .help("move away what stands there")
        : e;
  }

  private static Disk.DiskFile openOrCreate(Disk disk, Disk.Dir dir) {
    try {
      return disk.create(dir, NAME, Sharing.file(disk, dir));
    } catch (DiskException e) {
      if (e.errno() == Errno.EEXIST) {
        return disk.open(dir, NAME, Disk.OpenMode.WRITE);
      }
      throw e;
    }
  }

  @Override
  public void close() {
    file.close();
    dir.close();
  }
}
