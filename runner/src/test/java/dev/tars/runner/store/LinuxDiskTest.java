package dev.tars.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel does what the contract says. */
class LinuxDiskTest extends DiskContractTest {
  @TempDir private Path temporary;

  @BeforeEach
  void open() {
    disk = LinuxDisk.create();
    root = disk.open(temporary);
  }

  @Test
  void aCopyHasTheHolesOfItsSource() throws IOException {
    byte[] data = new byte[70_000];
    Arrays.fill(data, (byte) 7);
    Path source = temporary.resolve("source");
    try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
      file.seek(10L << 20);
      file.write(data);
      file.seek(40L << 20);
      file.write(data);
      file.setLength(64L << 20);
    }

    copy("source", "copy");

    assertThat(Files.mismatch(source, temporary.resolve("copy"))).isEqualTo(-1);
    assertThat(disk.stat(root, Bytes.utf8("copy")).orElseThrow().allocated()).isLessThan(1L << 20);
  }

  @Test
  void aFileThatIsOneHoleKeepsItsLength() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(temporary.resolve("source").toFile(), "rw")) {
      file.setLength(3L << 30);
    }

    copy("source", "copy");

    FileStat copy = disk.stat(root, Bytes.utf8("copy")).orElseThrow();
    assertThat(copy.size()).isEqualTo(3L << 30);
    assertThat(copy.allocated()).isLessThan(1L << 20);
  }

  private void copy(String from, String to) {
    try (Disk.DiskFile source = disk.open(root, Bytes.utf8(from), Disk.OpenMode.READ);
        Disk.DiskFile target = disk.create(root, Bytes.utf8(to), 0600)) {
      disk.copy(source, target);
    }
  }
}
