package dev.tars.runner.store;

import dev.tars.runner.model.Bytes;
import java.io.OutputStream;

/** Appends to a file; every write goes straight to the kernel. */
final class AppendStream extends OutputStream {
  private final Disk disk;
  private final Disk.DiskFile file;

  AppendStream(Disk disk, Disk.Dir dir, Bytes name) {
    this.disk = disk;
    if (disk.stat(dir, name).isEmpty()) {
      try {
        disk.create(dir, name, Sharing.file(disk, dir)).close();
      } catch (DiskException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
      }
    }
    this.file = disk.open(dir, name, Disk.OpenMode.APPEND);
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) {
    disk.write(file, from, offset, length);
  }

  @Override
  public void close() {
    file.close();
  }
}
