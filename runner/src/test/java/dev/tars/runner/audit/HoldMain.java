package dev.tars.runner.audit;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.nio.file.Path;

/** A process that takes the lock of a log, says so, and has it until its input ends. */
final class HoldMain {
  private HoldMain() {}

  public static void main(String[] args) throws IOException {
    Disk disk = LinuxDisk.create();
    try (Disk.Dir dir = disk.open(Path.of(args[0]));
        Disk.DiskFile lock = disk.open(dir, Bytes.utf8(args[1]), Disk.OpenMode.WRITE)) {
      System.out.println(disk.tryLock(lock));
      var _ = System.in.read();
    }
  }
}
