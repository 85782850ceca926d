package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.FsStat;
import dev.tars.runner.store.LinuxDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The real disk, where the process ends or the disk fails at the N-th call that changes something.
 * A write that is hit leaves half of its bytes, as a torn one does; nothing after a crash reaches
 * the disk.
 */
public final class FaultyDisk implements Disk {
  private final Disk disk = LinuxDisk.create();
  private final int at;
  private final Optional<Errno> error;
  private final int times;
  private int calls;
  private String hit = "";

  private FaultyDisk(int at, Optional<Errno> error, int times) {
    this.at = at;
    this.error = error;
    this.times = times;
  }

  public static FaultyDisk crashingAt(int call) {
    return new FaultyDisk(call, Optional.empty(), Integer.MAX_VALUE);
  }

  /** Fails {@code times} calls from the given one on, and works again after them. */
  static FaultyDisk failingAt(int call, Errno error, int times) {
    return new FaultyDisk(call, Optional.of(error), times);
  }

  /** How many calls changed something, or would have. */
  public int calls() {
    return calls;
  }

  public boolean struck() {
    return calls >= at;
  }

  /** The call that was hit first. */
  public String hit() {
    return hit;
  }

  private boolean isHit(String call) {
    calls++;
    if (calls < at || calls - at >= times) {
      return false;
    }
    hit = hit.isEmpty() ? call : hit;
    return true;
  }

  private RuntimeException fault(String call) {
    if (error.isEmpty()) {
      throw new Crash(call);
    }
    return new DiskException(error.get(), call, "injected");
  }

  private void step(String call, Runnable action) {
    if (isHit(call)) {
      throw fault(call);
    }
    action.run();
  }

  @Override
  public DiskFile create(Dir dir, Bytes name, int mode) {
    if (isHit("create " + name)) {
      throw fault("create");
    }
    return disk.create(dir, name, mode);
  }

  @Override
  public Dir open(Path directory) {
    return disk.open(directory);
  }

  @Override
  public Dir open(Dir base, RelativePath path) {
    return disk.open(base, path);
  }

  @Override
  public List<DirEntry> list(Dir dir) {
    return disk.list(dir);
  }

  @Override
  public Optional<FileStat> stat(Dir dir, Bytes name) {
    return disk.stat(dir, name);
  }

  @Override
  public FileStat stat(Dir dir) {
    return disk.stat(dir);
  }

  @Override
  public FileStat stat(DiskFile file) {
    return disk.stat(file);
  }

  @Override
  public DiskFile open(Dir dir, Bytes name, OpenMode mode) {
    return disk.open(dir, name, mode);
  }

  @Override
  public int read(DiskFile file, byte[] into, int offset, int length) {
    return disk.read(file, into, offset, length);
  }

  @Override
  public void seek(DiskFile file, long position) {
    disk.seek(file, position);
  }

  @Override
  public Bytes readlink(Dir dir, Bytes name) {
    return disk.readlink(dir, name);
  }

  @Override
  public List<Bytes> xattrs(Dir dir, Bytes name) {
    return disk.xattrs(dir, name);
  }

  @Override
  public Bytes xattr(Dir dir, Bytes name, Bytes attribute) {
    return disk.xattr(dir, name, attribute);
  }

  @Override
  public boolean tryLock(DiskFile file) {
    return disk.tryLock(file);
  }

  @Override
  public boolean tryLock(Dir dir) {
    return disk.tryLock(dir);
  }

  @Override
  public FsStat statfs(Dir dir) {
    return disk.statfs(dir);
  }

  @Override
  public void write(DiskFile file, byte[] from, int offset, int length) {
    if (isHit("write")) {
      if (calls == at) {
        disk.write(file, from, offset, length / 2);
      }
      throw fault("write");
    }
    disk.write(file, from, offset, length);
  }

  @Override
  public void truncate(DiskFile file, long size) {
    step("truncate", () -> disk.truncate(file, size));
  }

  @Override
  public void copy(DiskFile from, DiskFile to) {
    step("copy", () -> disk.copy(from, to));
  }

  @Override
  public void allocate(DiskFile file, long size) {
    step("allocate", () -> disk.allocate(file, size));
  }

  @Override
  public void fsync(DiskFile file) {
    step("fsync", () -> disk.fsync(file));
  }

  @Override
  public void fdatasync(DiskFile file) {
    step("fdatasync", () -> disk.fdatasync(file));
  }

  @Override
  public void fsync(Dir dir) {
    step("fsync", () -> disk.fsync(dir));
  }

  @Override
  public void syncfs(Dir dir) {
    step("syncfs", () -> disk.syncfs(dir));
  }

  @Override
  public void mkdir(Dir dir, Bytes name, int mode) {
    step("mkdir " + name, () -> disk.mkdir(dir, name, 0700));
    if (mode != 0700) { // two system calls on the real disk as well
      step("mkdir's chmod " + name, () -> disk.chmod(dir, name, mode));
    }
  }

  @Override
  public void unlink(Dir dir, Bytes name) {
    step("unlink " + name, () -> disk.unlink(dir, name));
  }

  @Override
  public void rmdir(Dir dir, Bytes name) {
    step("rmdir " + name, () -> disk.rmdir(dir, name));
  }

  @Override
  public void rename(Dir from, Bytes name, Dir to, Bytes newName, RenameMode mode) {
    step("rename " + name, () -> disk.rename(from, name, to, newName, mode));
  }

  @Override
  public void link(Dir from, Bytes name, Dir to, Bytes newName) {
    step("link " + name, () -> disk.link(from, name, to, newName));
  }

  @Override
  public void symlink(Dir dir, Bytes name, Bytes target) {
    step("symlink " + name, () -> disk.symlink(dir, name, target));
  }

  @Override
  public void chmod(Dir dir, Bytes name, int mode) {
    step("chmod " + name, () -> disk.chmod(dir, name, mode));
  }

  @Override
  public void chown(Dir dir, Bytes name, int uid, int gid) {
    step("chown " + name, () -> disk.chown(dir, name, uid, gid));
  }

  @Override
  public void setModified(Dir dir, Bytes name, long nanos) {
    step("setModified " + name, () -> disk.setModified(dir, name, nanos));
  }

  @Override
  public void whiteout(Dir dir, Bytes name) {
    step("whiteout " + name, () -> disk.whiteout(dir, name));
  }

  @Override
  public void setXattr(Dir dir, Bytes name, Bytes attribute, Bytes value) {
    step("setXattr " + name, () -> disk.setXattr(dir, name, attribute, value));
  }

  @Override
  public void removeXattr(Dir dir, Bytes name, Bytes attribute) {
    step("removeXattr " + name, () -> disk.removeXattr(dir, name, attribute));
  }
}
