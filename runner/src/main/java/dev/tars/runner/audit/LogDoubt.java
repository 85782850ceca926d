package dev.tars.runner.audit;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The kernel reports a failed sync once, and may drop what it could not write: to sync again would
 * succeed and prove nothing. So a failed sync is never repeated; a file {@code in-doubt} says that
 * nothing more may be written until a person has settled it.
 */
final class LogDoubt {
  private static final Bytes NAME = Bytes.utf8("in-doubt");
  private static final Bytes ANEW = Bytes.utf8("audit.anew");

  private final Disk disk;
  private final WorkspaceDir workspace;
  private Optional<String> raised = Optional.empty();

  LogDoubt(Disk disk, WorkspaceDir workspace) {
    this.disk = disk;
    this.workspace = workspace;
  }

  Optional<String> standing(Disk.Dir home) {
    if (raised.isPresent() || disk.stat(home, NAME).isEmpty()) {
      return raised;
    }
    byte[] why = AtomicFile.read(disk, home, NAME);
    return Optional.of(Escape.line(new String(why, StandardCharsets.UTF_8)));
  }

  void requireNone(Disk.Dir home) {
    Optional<String> why = standing(home);
    if (why.isPresent()) {
      throw RunnerException.of(
              FailureCode.IN_DOUBT, "the disk did not confirm a write, so nothing more is written")
          .at(Escape.line(workspace.path().toString()))
          .note(why.get())
          .help("check the disk, then run `tarscli execute recover`");
    }
  }

  /** Holds in this process in any case, and for others if the disk still takes a file. */
  void raise(String why) {
    raised = Optional.of(why);
    try (Disk.Dir home = disk.open(workspace.path())) {
      AtomicFile.publish(disk, home, NAME, why.getBytes(StandardCharsets.UTF_8));
    } catch (DiskException e) {
      // The transaction is open in the log, if it came so far: that is found as well.
    }
  }

  void settle(Disk.Dir home) {
    raised = Optional.empty();
    if (disk.stat(home, NAME).isPresent()) {
      disk.unlink(home, NAME);
      disk.fsync(home);
    }
  }

  /** A new file has new pages, which a sync does confirm. */
  void writeAnew(Disk.Dir dir, Bytes name) {
    if (disk.stat(dir, ANEW).isPresent()) {
      disk.unlink(dir, ANEW);
    }
    try (Disk.DiskFile from = disk.open(dir, name, Disk.OpenMode.READ);
        Disk.DiskFile to = disk.create(dir, ANEW, Sharing.file(disk, dir))) {
      byte[] buffer = new byte[1 << 17];
      for (int n = disk.read(from, buffer, 0, buffer.length);
          n > 0;
          n = disk.read(from, buffer, 0, buffer.length)) {
        disk.write(to, buffer, 0, n);
      }
      disk.fsync(to);
    }
    disk.rename(dir, ANEW, dir, name, Disk.RenameMode.REPLACE);
    disk.fsync(dir);
  }
}
