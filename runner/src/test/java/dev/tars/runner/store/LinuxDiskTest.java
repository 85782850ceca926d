package dev.tars.runner.store;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The kernel does what the contract says. */
class LinuxDiskTest extends DiskContractTest {
  @TempDir private Path temporary;

  @BeforeEach
  void open() {
    disk = LinuxDisk.create();
    root = disk.open(temporary);
  }
}
