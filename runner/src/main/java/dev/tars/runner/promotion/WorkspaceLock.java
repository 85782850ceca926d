package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.LockHolder;
import dev.tars.runner.store.LockWait;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.util.Optional;

/**
 * One transaction a workspace: held from before INTENT until everything is cleaned up. Two locks: a
 * file in the state directory, and the workspace's own directory, which a runner with another state
 * directory sees too.
 */
final class WorkspaceLock implements AutoCloseable {
  private static final Bytes NAME = Bytes.utf8("lock");

  private final Disk.DiskFile file;
  private final Optional<Disk.Dir> root;

  private WorkspaceLock(Disk.DiskFile file, Optional<Disk.Dir> root) {
    this.file = file;
    this.root = root;
  }

  /** Only the one in the state directory: for who touches nothing of the workspace. */
  static WorkspaceLock ofState(Disk disk, WorkspaceDir workspace, Duration wait) {
    return new WorkspaceLock(ours(disk, workspace, wait), Optional.empty());
  }

  /** Waits; throws LOCKED if a living process holds it for longer. */
  static WorkspaceLock take(Disk disk, WorkspaceDir workspace, Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    Disk.DiskFile file = ours(disk, workspace, wait);
    try {
      return new WorkspaceLock(file, Optional.of(everybodys(disk, workspace, left(end))));
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Disk.Dir everybodys(Disk disk, WorkspaceDir workspace, Duration wait) {
    Disk.Dir root = disk.open(workspace.root());
    try {
      if (!LockWait.until(() -> disk.tryLock(root), wait)) {
        throw locked(
            "another process holds the workspace: a runner with another state directory, say",
            workspace,
            Optional.empty());
      }
      return root;
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  private static RunnerException locked(
      String who, WorkspaceDir workspace, Optional<LockHolder> holder) {
    RunnerException.Builder error =
        RunnerException.of(FailureCode.LOCKED, who).at(Escape.line(workspace.root().toString()));
    holder.ifPresent(h -> error.note("it is " + h));
    return error
        .note("nothing was changed")
        .help("try again when it is done, or wait longer with --lock-wait");
  }

  private static Disk.DiskFile ours(Disk disk, WorkspaceDir workspace, Duration wait) {
    Disk.DiskFile file = opened(disk, workspace);
    try {
      if (!LockWait.until(() -> disk.tryLock(file), wait)) {
        throw locked(
            "another process promotes to this workspace", workspace, disk.lockHolder(file));
      }
      return file;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static Disk.DiskFile opened(Disk disk, WorkspaceDir workspace) {
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

  @Override
  public void close() {
    root.ifPresent(Disk.Dir::close);
    file.close();
  }
}
