package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One transaction a workspace: held from before INTENT until everything is cleaned up. Two locks: a
 * file in the state directory, and the workspace's own directory, which a runner with another state
 * directory sees too.
 */
final class WorkspaceLock implements AutoCloseable {
  private static final Bytes NAME = Bytes.utf8("lock");
  private static final long POLL_MILLIS = 20;

  private final Disk.DiskFile file;
  private final Optional<Disk.Dir> root;

  private WorkspaceLock(Disk.DiskFile file, Optional<Disk.Dir> root) {
    this.file = file;
    this.root = root;
  }

  /** Only the one in the state directory: for who touches nothing of the workspace. */
  static WorkspaceLock ofState(Disk disk, WorkspaceDir workspace, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    Disk.DiskFile file = ours(disk, workspace);
    try {
      await(() -> disk.tryLock(file), end, workspace, "another process promotes to this workspace");
      return new WorkspaceLock(file, Optional.empty());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** Waits; throws LOCKED if a living process holds it for longer. */
  static WorkspaceLock take(Disk disk, WorkspaceDir workspace, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    Disk.DiskFile file = ours(disk, workspace);
    try {
      await(() -> disk.tryLock(file), end, workspace, "another process promotes to this workspace");
      return new WorkspaceLock(file, Optional.of(everybodys(disk, workspace, end)));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Disk.Dir everybodys(Disk disk, WorkspaceDir workspace, long end) {
    Disk.Dir root = disk.open(workspace.root());
    try {
      await(
          () -> disk.tryLock(root),
          end,
          workspace,
          "another process holds the workspace: a runner with another state directory, say");
      return root;
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private static void await(BooleanSupplier taken, long end, WorkspaceDir workspace, String who) {
    while (!taken.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw RunnerException.of(FailureCode.LOCKED, who)
            .at(Escape.line(workspace.root().toString()))
            .note("nothing was changed")
            .help("try again when it is done, or wait longer with --lock-wait");
      }
      pause();
    }
  }

  private static Disk.DiskFile ours(Disk disk, WorkspaceDir workspace) {
    try (Disk.Dir dir = disk.open(workspace.path())) {
      if (disk.stat(dir, NAME).isEmpty()) {
        try {
          return disk.create(dir, NAME, Sharing.file(disk, dir));
        } catch (DiskException e) {
          if (e.errno() != Errno.EEXIST) { // another process made it first
            throw e;
          }
        }
      }
      return disk.open(dir, NAME, Disk.OpenMode.WRITE);
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
    root.ifPresent(Disk.Dir::close);
    file.close();
  }
}
