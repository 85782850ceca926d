package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file is besides its bytes, odd names, and places where a transaction must not begin. */
class MetadataTest {
  private static final Bytes ACL = Bytes.utf8("system.posix_acl_access");
  // user::rw- user:1234:r-- group::r-- mask::rw- other::r--
  private static final byte[] ENTRIES =
      HexFormat.of()
          .parseHex(
              "02000000"
                  + "01000600ffffffff"
                  + "02000400d2040000"
                  + "04000400ffffffff"
                  + "10000600ffffffff"
                  + "20000400ffffffff");

  @TempDir private Path temporary;
  private PromotionFixture at;
  private SortedMap<String, String> before;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
    before = at.tree();
  }

  @Test
  void anAccessControlListIsCarriedOverAndComesBack() {
    Disk disk = LinuxDisk.create();
    try (Disk.Dir root = disk.open(at.root)) {
      for (String name : List.of("modified.txt", "deleted.txt")) {
        disk.setXattr(root, Bytes.utf8(name), ACL, Bytes.of(ENTRIES));
      }
      ChangeSet changes = // the mask shows as the mode of the group
          PromotionFixture.changeSet(
              at.change("modified.txt", at.of("new", 0664)),
              at.change("deleted.txt", Optional.empty()));
      assertThat(at.promote(changes)).isInstanceOf(PromotionOutcome.Committed.class);
      assertThat(disk.xattr(root, Bytes.utf8("modified.txt"), ACL)).isEqualTo(Bytes.of(ENTRIES));
      assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
      for (String name : List.of("modified.txt", "deleted.txt")) {
        assertThat(disk.xattr(root, Bytes.utf8(name), ACL)).isEqualTo(Bytes.of(ENTRIES));
      }
    }
  }

  @Test
  void ownersStayThroughChangeDeletionAndRollback() throws IOException {
    boolean root = owner("modified.txt").equals(0);
    if (root) { // another user's files can be given away, and so shown to stay theirs
      for (String name : List.of("modified.txt", "deleted.txt", "dir-gone", "dir-gone/a")) {
        Files.setAttribute(at.root.resolve(name), "unix:uid", 1234);
      }
    }
    Object owner = owner("modified.txt");
    at.promote(at.everyKind());
    assertThat(owner("modified.txt")).isEqualTo(owner);
    at.rollback("TX-1");
    for (String name : List.of("modified.txt", "deleted.txt", "dir-gone", "dir-gone/a")) {
      assertThat(owner(name)).as(name).isEqualTo(owner);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {02755, 01777, 03770})
  void specialBitsOfADirectoryComeBack(int mode) throws IOException {
    Files.setAttribute(at.root.resolve("dir-gone"), "unix:mode", mode);
    Files.setAttribute(at.root.resolve("dir-mode"), "unix:mode", mode);
    SortedMap<String, String> then = at.tree();
    at.promote(at.everyKind());
    assertThat(mode("dir-mode")).as("its permissions change alone").isEqualTo(mode & 07000 | 0711);
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.tree()).isEqualTo(then);
  }

  @Test
  void specialBitsOfADirectoryComeBackWhenATransactionIsUndone() throws IOException {
    Files.setAttribute(at.root.resolve("dir-gone"), "unix:mode", 03770);
    SortedMap<String, String> then = at.tree();
    Disk failing =
        DiskSpy.with((method, args) -> {
          if (method.equals("rename") && args[3].equals(Bytes.utf8("script.sh"))) {
            throw new DiskException(Errno.EIO, "rename", "script.sh");
          }
          return Optional.empty();
        });
    assertThat(at.through(failing).promote(at.everyKind()))
        .isInstanceOf(PromotionOutcome.Failed.class);
    assertThat(at.tree()).isEqualTo(then);
  }

  @Test
  void aNewDirectoryInASetgidOneIsSetgidAsMkdirMakesIt() throws IOException {
    Files.setAttribute(at.root, "unix:mode", 02775);
    at.promote(at.everyKind());
    assertThat(mode("added")).isEqualTo(02755);
    assertThat(mode("added/deep")).isEqualTo(02700);
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(Files.exists(at.root.resolve("added"))).isFalse();
  }

  private int mode(String path) throws IOException {
    return (int) Files.getAttribute(at.root.resolve(path), "unix:mode", LinkOption.NOFOLLOW_LINKS)
        & 07777;
  }

  private Object owner(String path) throws IOException {
    return Files.getAttribute(at.root.resolve(path), "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void aSparseFileStaysSparseThereAndBack() throws IOException {
    Path file = at.root.resolve("disk.img");
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.write("begin".getBytes(UTF_8));
      image.seek(63 << 20);
      image.write("end".getBytes(UTF_8));
      image.setLength(64 << 20);
    }
    long allocated = allocated("disk.img");
    assertThat(allocated).isLessThan(1 << 20); // the control: it is sparse to begin with
    Optional<TreeEntry> entry = at.entry("disk.img");
    at.promote(PromotionFixture.changeSet(at.change("disk.img", Optional.empty())));
    assertThat(file).doesNotExist();
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.entry("disk.img")).isEqualTo(entry);
    assertThat(allocated("disk.img")).isLessThan(2 << 20);
  }

  private long allocated(String name) {
    Disk disk = LinuxDisk.create();
    try (Disk.Dir root = disk.open(at.root)) {
      return disk.stat(root, Bytes.utf8(name)).orElseThrow().allocated();
    }
  }

  @Test
  void everyNameThatTheKernelTakesGoesThereAndBack() {
    List<Bytes> names =
        List.of(
            Bytes.utf8("new\nline"),
            Bytes.of(new byte[] {'n', (byte) 0xff, (byte) 0xfe}),
            Bytes.utf8("x".repeat(255)),
            Bytes.utf8(" leading and trailing "),
            Bytes.utf8("-rf"),
            Bytes.utf8("caf\u00e9"),
            Bytes.utf8("cafe\u0301"),
            Bytes.utf8("Case"),
            Bytes.utf8("case"));
    Change[] changes =
        names.stream()
            .map(n ->
                new Change(RelativePath.ROOT.resolve(n), Optional.empty(), at.of(n.hex(), 0644)))
            .toArray(Change[]::new);
    assertThat(at.promote(PromotionFixture.changeSet(changes)))
        .isInstanceOf(PromotionOutcome.Committed.class);
    try (HostTree tree = HostTree.open(at.layout.disk(), at.workspace)) {
      for (Bytes name : names) {
        assertThat(tree.entry(RelativePath.ROOT.resolve(name))).isEqualTo(at.of(name.hex(), 0644));
      }
    }
    assertThat(at.rollback("TX-1")).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(at.tree()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXCHANGE", "NOREPLACE"})
  void aFileSystemThatCannotSwapSafelyIsRefusedBeforeIntent(String mode) {
    Disk without =
        DiskSpy.with((method, args) -> {
          if (method.equals("rename")
              && String.valueOf(args[4]).equals(mode)
              && ((Disk.Dir) args[2]).where().contains(".tars-tx-")) {
            throw new DiskException(Errno.EINVAL, "rename", "here");
          }
          return Optional.empty();
        });
    PromotionOutcome.Failed failed =
        (PromotionOutcome.Failed) at.through(without).promote(at.few());
    assertThat(failed.cause()).hasMessageContaining("cannot exchange two files");
    assertThat(failed.cause().code()).isEqualTo(FailureCode.IO_FAILED);
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().since("CTX-1")).isEmpty(); // no INTENT
  }

  @ParameterizedTest
  @ValueSource(strings = {"immutable or append-only", "something is mounted on it"})
  void aTargetThatCannotBeGivenBackIsRefusedBeforeIntent(String why) {
    Disk odd =
        DiskSpy.with((method, args) -> {
          if (method.equals("stat")
              && args.length == 2
              && args[1].equals(Bytes.utf8("deleted.txt"))) {
            FileStat s = LinuxDisk.create().stat((Disk.Dir) args[0], (Bytes) args[1]).orElseThrow();
            boolean frozen = why.startsWith("immutable");
            return Optional.of(
                Optional.of(
                    new FileStat(
                        s.kind(),
                        s.mode(),
                        s.uid(),
                        s.gid(),
                        s.size(),
                        s.allocated(),
                        s.modifiedNanos(),
                        s.changedNanos(),
                        s.inode(),
                        s.device(),
                        s.links(),
                        s.special(),
                        frozen ? s.mountId() : s.mountId() + 1,
                        frozen ? 0x10 : 0)));
          }
          return Optional.empty();
        });
    PromotionOutcome.Stale stale = (PromotionOutcome.Stale) at.through(odd).promote(at.few());
    assertThat(stale.conflicts()).singleElement().satisfies(c -> assertThat(c.why()).contains(why));
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().since("CTX-1")).isEmpty();
  }
}
