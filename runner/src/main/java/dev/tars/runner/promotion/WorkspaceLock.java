package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;

/** One transaction a workspace: held from before INTENT until everything is cleaned up. */
final class WorkspaceLock implements AutoCloseable {
  private static final Bytes NAME = Bytes.utf8("lock");
  private static final long POLL_MILLIS = 20;

  private final Disk.DiskFile file;

  private WorkspaceLock(Disk.DiskFile file) {
    this.file = file;
  }

  /** Waits; throws LOCKED if a living process holds it for longer. */
  static WorkspaceLock take(Disk disk, WorkspaceDir workspace, Duration wait) {
    try (Disk.Dir dir = disk.open(workspace.path())) {
      Disk.DiskFile file = openOrCreate(disk, dir);
      long end = System.nanoTime() + wait.toNanos();
      while (!disk.tryLock(file)) {
        if (System.nanoTime() > end) {
          file.close();
          throw RunnerException.of(FailureCode.LOCKED, "another process promotes to this workspace")
              .note("nothing was changed")
              .help("try again when it is done, or wait longer with --lock-wait");
        }
        pause();
      }
      return new WorkspaceLock(file);
    }
  }

  private static Disk.DiskFile openOrCreate(Disk disk, Disk.Dir dir) {
    try {
      return disk.create(dir, NAME, 0600);
    } catch (DiskException e) {
      if (e.errno() == Errno.EEXIST) {
        return disk.open(dir, NAME, Disk.OpenMode.WRITE);
      }
      throw e;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RunnerException(
          FailureCode.INTERRUPTED, "interrupted while waiting for the lock", "start it again");
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
