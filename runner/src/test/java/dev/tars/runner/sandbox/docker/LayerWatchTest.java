package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.store.LinuxDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerWatchTest {
  private static final int MIB = 1 << 20;

  @TempDir private Path upper;
  private long deleted;
  private LayerWatch watch;

  @BeforeEach
  void open() {
    ResourceLimits limits =
        new ResourceLimits(
            1000,
            ByteCount.mebibytes(256),
            64,
            ByteCount.mebibytes(8),
            1000,
            256,
            ByteCount.mebibytes(1),
            ByteCount.mebibytes(16),
            Duration.ofMinutes(1));
    watch =
        new LayerWatch(
            LinuxDisk.create(),
            List.of(new LayerMount("/workspace", List.of(upper), upper, upper)),
            limits,
            () -> deleted);
  }

  @Test
  void whatIsBelowTheLimitsIsNoReason() throws IOException {
    Files.write(upper.resolve("a"), new byte[4 * MIB]);
    assertThat(watch.atTheEnd()).isEmpty();
  }

  @Test
  void bytesAndEntriesAreCounted() throws IOException {
    Files.write(upper.resolve("a"), new byte[9 * MIB]);
    assertThat(watch.atTheEnd().orElseThrow()).contains("disk limit");
    Files.delete(upper.resolve("a"));
    for (int i = 0; i < 1001; i++) {
      Files.createFile(upper.resolve("f" + i));
    }
    assertThat(watch.atTheEnd().orElseThrow()).contains("1000 files");
  }

  @Test
  void aFileWithManyNamesTakesItsSpaceOnce() throws IOException {
    Files.write(upper.resolve("a"), new byte[4 * MIB]);
    for (int i = 0; i < 10; i++) {
      Files.createLink(upper.resolve("link" + i), upper.resolve("a"));
    }
    assertThat(watch.atTheEnd()).isEmpty();
  }

  @Test
  void aFileThatTheKernelStoppedAtTheLimitIsOne() throws IOException {
    Files.write(upper.resolve("a"), new byte[8 * MIB]);
    assertThat(watch.atTheEnd().orElseThrow()).contains("as large as the disk limit of 8.0 MiB");
    Files.write(upper.resolve("a"), new byte[8 * MIB - 1]);
    assertThat(watch.atTheEnd()).isEmpty();
  }

  @Test
  void aHoleTakesNoSpace() throws IOException {
    try (var file = new java.io.RandomAccessFile(upper.resolve("sparse").toFile(), "rw")) {
      file.setLength(1L << 40);
    }
    assertThat(watch.atTheEnd()).isEmpty();
  }

  @Test
  void aDeepTreeIsALimitAndNoDanger() throws IOException {
    Path deep = upper;
    for (int i = 0; i < 400; i++) {
      deep = deep.resolve("d");
      Files.createDirectory(deep);
    }
    assertThat(watch.atTheEnd().orElseThrow()).contains("deep");
  }
}
