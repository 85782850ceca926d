package dev.tars.runner.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An object whose bytes a power cut has taken, under the name that it left. */
class DamagedObjectTest {
  private static final byte[] CONTENT = "what was displaced".getBytes(UTF_8);

  @TempDir private Path temp;
  private Disk disk;
  private ObjectStore objects;
  private Path state;

  @BeforeEach
  void open() {
    disk = LinuxDisk.create();
    state = temp.resolve("state");
    objects = StoreLayout.open(disk, state).objects();
  }

  @Test
  void isNotBelievedAndIsPutAgain() throws Exception {
    Digest digest = objects.put(CONTENT);
    damage(digest, new byte[CONTENT.length]);
    assertThat(objects.has(digest)).isTrue(); // the name alone would be believed
    assertThat(objects.renew(digest)).isFalse();
    assertThat(objects.put(CONTENT)).isEqualTo(digest);
    assertThat(objects.read(digest, 100)).isEqualTo(CONTENT);
    assertThat(objects.renew(digest)).isTrue();
  }

  @Test
  void isReplacedByTheFileThatIsPut() throws Exception {
    Files.write(temp.resolve("file"), CONTENT);
    Digest digest = objects.put(CONTENT);
    damage(digest, new byte[0]);
    try (Disk.Dir dir = disk.open(temp);
        Disk.DiskFile file = disk.open(dir, Bytes.utf8("file"), Disk.OpenMode.READ)) {
      assertThat(objects.put(file, Long.MAX_VALUE)).isEqualTo(digest);
    }
    assertThat(objects.read(digest, 100)).isEqualTo(CONTENT);
    try (Disk.Dir tmp = disk.open(disk.open(state), RelativePath.of("objects/tmp"))) {
      assertThat(disk.list(tmp)).isEmpty();
    }
  }

  @Test
  void whatIsNoFileOfOursIsNotOpened() throws Exception {
    Digest digest = objects.put(CONTENT);
    assertThat(objects.read(digest, 100)).isEqualTo(CONTENT);
    Path object =
        state.resolve("objects").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    Path same = Files.write(temp.resolve("same"), CONTENT);
    Files.delete(object);
    Files.createSymbolicLink(object, same);
    assertReplaced(() -> objects.openFile(digest), "it is a symlink");
    Files.delete(object);
    Files.createDirectory(object);
    assertReplaced(() -> objects.openFile(digest), "it is a directory");
  }

  @Test
  void aDocumentOfOursIsReadWithinBounds() throws Exception {
    Files.write(state.resolve("document"), CONTENT);
    try (Disk.Dir dir = disk.open(state);
        RandomAccessFile huge = new RandomAccessFile(state.resolve("huge").toFile(), "rw")) {
      assertThat(AtomicFile.read(disk, dir, Bytes.utf8("document"))).isEqualTo(CONTENT);
      huge.setLength(3L << 30);
      assertReplaced(() -> AtomicFile.read(disk, dir, Bytes.utf8("huge")), "it has");
      Files.createSymbolicLink(state.resolve("link"), state.resolve("document"));
      assertReplaced(() -> AtomicFile.read(disk, dir, Bytes.utf8("link")), "it is a symlink");
    }
  }

  private static void assertReplaced(ThrowingCallable read, String why) {
    assertThatThrownBy(read)
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INTEGRITY))
        .hasMessageContaining(why);
  }

  private void damage(Digest digest, byte[] with) throws Exception {
    Path object =
        state.resolve("objects").resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
    Path damaged = Files.write(temp.resolve("damaged"), with);
    Files.move(damaged, object, StandardCopyOption.REPLACE_EXISTING);
  }
}
