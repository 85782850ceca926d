package dev.tars.runner.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk.Dir;
import dev.tars.runner.store.Disk.DiskFile;
import dev.tars.runner.store.Disk.OpenMode;
import dev.tars.runner.store.Disk.RenameMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link Disk} does, held against the kernel: the simulation is believed because the
 * same checks pass on both, and the same ten thousand random calls end the same on both.
 */
abstract class DiskContractTest {
  private static final Bytes A = Bytes.utf8("a");
  private static final Bytes B = Bytes.utf8("b");
  private static final Bytes D = Bytes.utf8("d");
  private static final Bytes NONE = Bytes.utf8("none");

  Disk disk;
  Dir root;

  @Test
  void aFileHoldsWhatWasWrittenAndItsMode() {
    try (DiskFile file = disk.create(root, A, 0640)) {
      write(file, "hello");
      disk.seek(file, 1);
      write(file, "u");
      disk.truncate(file, 4);
    }
    assertThat(read(root, A)).isEqualTo("hull");
    FileStat stat = disk.stat(root, A).orElseThrow();
    assertThat(stat.kind()).isEqualTo(FileKind.REGULAR);
    assertThat(stat.permissions()).isEqualTo(0640);
    assertThat(stat.size()).isEqualTo(4);
    assertThat(stat.links()).isEqualTo(1);
    fails(Errno.EEXIST, () -> disk.create(root, A, 0600));
  }

  @Test
  void appendingWritesAtTheEndWhateverOthersDid() {
    file(root, A, "one");
    try (DiskFile first = disk.open(root, A, OpenMode.APPEND);
        DiskFile second = disk.open(root, A, OpenMode.APPEND)) {
      write(first, "two");
      write(second, "three");
    }
    assertThat(read(root, A)).isEqualTo("onetwothree");
  }

  @Test
  void truncatingLongerFillsWithZeros() {
    file(root, A, "x");
    try (DiskFile file = disk.open(root, A, OpenMode.WRITE)) {
      disk.truncate(file, 3);
    }
    assertThat(read(root, A)).isEqualTo("x\0\0");
  }

  @Test
  void onlyRegularFilesAreOpened() {
    disk.mkdir(root, D, 0755);
    disk.symlink(root, A, D);
    fails(Errno.EINVAL, () -> disk.open(root, D, OpenMode.READ));
    fails(Errno.ELOOP, () -> disk.open(root, A, OpenMode.READ));
    fails(Errno.ENOENT, () -> disk.open(root, NONE, OpenMode.READ));
  }

  @Test
  void directoriesAreOpenedThroughNoLink() {
    dir(root, D);
    disk.symlink(root, A, D);
    file(root, B, "");
    dir(disk.open(root, RelativePath.of(D)), D);
    assertThat(disk.stat(disk.open(root, RelativePath.of("d/d"))).kind())
        .isEqualTo(FileKind.DIRECTORY);
    fails(Errno.ENOTDIR, () -> disk.open(root, RelativePath.of("a")));
    fails(Errno.ELOOP, () -> disk.open(root, RelativePath.of("a/d")));
    fails(Errno.ENOTDIR, () -> disk.open(root, RelativePath.of("b/d")));
    fails(Errno.ENOENT, () -> disk.open(root, RelativePath.of("none/d")));
  }

  @Test
  void listsInTheOrderOfTheBytes() {
    byte[] odd = {(byte) 0xff, '\n'};
    file(root, Bytes.of(odd), "");
    file(root, B, "");
    dir(root, A);
    assertThat(disk.list(root).stream().map(Disk.DirEntry::name).toList())
        .containsExactly(A, B, Bytes.of(odd));
    assertThat(disk.list(root).getFirst().kind()).isEqualTo(FileKind.DIRECTORY);
  }

  @Test
  void namesAreSingleComponents() {
    for (String bad : List.of("", ".", "..", "x/y")) {
      fails(Errno.EINVAL, () -> disk.create(root, Bytes.utf8(bad), 0600));
      fails(Errno.EINVAL, () -> disk.stat(root, Bytes.utf8(bad)));
    }
    file(root, Bytes.utf8("x".repeat(255)), "");
    fails(Errno.ENAMETOOLONG, () -> disk.create(root, Bytes.utf8("x".repeat(256)), 0600));
  }

  @Test
  void whatIsRemovedMustBeOfTheRightKind() {
    Dir d = dir(root, D);
    file(d, A, "");
    fails(Errno.EISDIR, () -> disk.unlink(root, D));
    fails(Errno.ENOTEMPTY, () -> disk.rmdir(root, D));
    fails(Errno.ENOTDIR, () -> disk.rmdir(d, A));
    fails(Errno.ENOENT, () -> disk.unlink(root, NONE));
    fails(Errno.ENOENT, () -> disk.rmdir(root, NONE));
    disk.unlink(d, A);
    disk.rmdir(root, D);
    fails(Errno.ENOENT, () -> disk.create(d, A, 0600));
    assertThat(disk.list(root)).isEmpty();
  }

  @Test
  void anUnlinkedFileCanStillBeReadAndWritten() {
    DiskFile file = disk.create(root, A, 0600);
    disk.unlink(root, A);
    write(file, "still");
    assertThat(disk.stat(file).links()).isZero();
    assertThat(disk.stat(file).size()).isEqualTo(5);
    file.close();
  }

  @Test
  void aRenameThatReplaces() {
    Dir d = dir(root, D);
    file(root, A, "a");
    file(d, B, "b");
    disk.rename(root, A, d, B, RenameMode.REPLACE);
    assertThat(read(d, B)).isEqualTo("a");
    assertThat(disk.stat(root, A)).isEmpty();
    file(root, A, "a");
    fails(Errno.EISDIR, () -> disk.rename(root, A, root, D, RenameMode.REPLACE));
    fails(Errno.ENOTDIR, () -> disk.rename(root, D, root, A, RenameMode.REPLACE));
    dir(root, B);
    fails(Errno.ENOTEMPTY, () -> disk.rename(root, B, root, D, RenameMode.REPLACE));
    fails(Errno.EINVAL, () -> disk.rename(root, D, d, A, RenameMode.REPLACE));
    disk.rename(root, D, root, B, RenameMode.REPLACE);
    assertThat(read(disk.open(root, RelativePath.of(B)), B)).isEqualTo("a");
  }

  @Test
  void aRenameThatMustFindNothing() {
    file(root, A, "a");
    file(root, B, "b");
    fails(Errno.EEXIST, () -> disk.rename(root, A, root, B, RenameMode.NOREPLACE));
    fails(Errno.ENOENT, () -> disk.rename(root, NONE, root, D, RenameMode.NOREPLACE));
    assertThat(read(root, B)).isEqualTo("b");
    disk.rename(root, A, root, D, RenameMode.NOREPLACE);
    assertThat(read(root, D)).isEqualTo("a");
  }

  @Test
  void aRenameThatExchanges() {
    file(root, A, "a");
    Dir d = dir(root, D);
    file(d, B, "b");
    fails(Errno.ENOENT, () -> disk.rename(root, A, root, NONE, RenameMode.EXCHANGE));
    disk.rename(root, A, d, B, RenameMode.EXCHANGE);
    assertThat(read(root, A) + read(d, B)).isEqualTo("ba");
    disk.rename(root, A, root, D, RenameMode.EXCHANGE);
    assertThat(read(root, D)).isEqualTo("b");
    assertThat(read(disk.open(root, RelativePath.of(A)), B)).isEqualTo("a");
    fails(Errno.EINVAL, () -> disk.rename(d, B, root, A, RenameMode.EXCHANGE));
  }

  @Test
  void hardLinksAreOneFile() {
    file(root, A, "a");
    disk.link(root, A, root, B);
    assertThat(disk.stat(root, A).orElseThrow().links()).isEqualTo(2);
    assertThat(disk.stat(root, A).orElseThrow().sameFile(disk.stat(root, B).orElseThrow()))
        .isTrue();
    disk.rename(root, A, root, B, RenameMode.REPLACE);
    assertThat(disk.stat(root, A)).isPresent();
    fails(Errno.EEXIST, () -> disk.link(root, A, root, B));
    dir(root, D);
    fails(Errno.EPERM, () -> disk.link(root, D, root, NONE));
    disk.unlink(root, A);
    assertThat(disk.stat(root, B).orElseThrow().links()).isEqualTo(1);
  }

  @Test
  void linksHoldWhatTheyWereGiven() {
    Bytes odd = Bytes.of(new byte[] {(byte) 0xfe, '/', ' '});
    disk.symlink(root, A, odd);
    assertThat(disk.readlink(root, A)).isEqualTo(odd);
    assertThat(disk.stat(root, A).orElseThrow().kind()).isEqualTo(FileKind.SYMLINK);
    fails(Errno.EEXIST, () -> disk.symlink(root, A, odd));
    fails(Errno.EOPNOTSUPP, () -> disk.chmod(root, A, 0600));
    file(root, B, "");
    fails(Errno.EINVAL, () -> disk.readlink(root, B));
  }

  @Test
  void metadataIsOfTheEntryItself() {
    file(root, A, "a");
    disk.chmod(root, A, 0751);
    disk.setModified(root, A, 1_234_567_890_000_000_007L);
    assertThat(disk.stat(root, A).orElseThrow().permissions()).isEqualTo(0751);
    assertThat(disk.stat(root, A).orElseThrow().modifiedNanos())
        .isEqualTo(1_234_567_890_000_000_007L);
    Bytes attribute = Bytes.utf8("user.x");
    disk.setXattr(root, A, attribute, B);
    assertThat(disk.xattrs(root, A)).contains(attribute);
    assertThat(disk.xattr(root, A, attribute)).isEqualTo(B);
    disk.removeXattr(root, A, attribute);
    fails(Errno.ENODATA, () -> disk.xattr(root, A, attribute));
    fails(Errno.ENODATA, () -> disk.removeXattr(root, A, attribute));
    fails(Errno.ENOENT, () -> disk.chmod(root, NONE, 0600));
  }

  @Test
  void aLockEndsWithItsHandle() {
    file(root, A, "");
    DiskFile first = disk.open(root, A, OpenMode.WRITE);
    try (DiskFile second = disk.open(root, A, OpenMode.WRITE)) {
      assertThat(disk.tryLock(first)).isTrue();
      assertThat(disk.tryLock(first)).isTrue();
      assertThat(disk.tryLock(second)).isFalse();
      first.close();
      assertThat(disk.tryLock(second)).isTrue();
    }
  }

  @Test
  void aCopyIsAtTheEndOfWhatItGoesTo() {
    file(root, A, "content");
    try (DiskFile from = disk.open(root, A, OpenMode.READ);
        DiskFile to = disk.create(root, B, 0600)) {
      disk.allocate(to, 7);
      disk.copy(from, to);
    }
    assertThat(read(root, B)).isEqualTo("content");
  }

  /** The same calls on both, with the same ends: results, errors, and the tree that is left. */
  @Test
  void randomCallsEndAsTheyDoOnTheKernel(@TempDir Path temporary) {
    for (int seed = 0; seed < 25; seed++) {
      Disk kernel = LinuxDisk.create();
      Path real = temporary.resolve("s" + seed);
      assertThat(real.toFile().mkdir()).isTrue();
      Disk simulated = SimulatedDisk.empty();
      Dir there = simulated.open(SimulatedDisk.BASE.resolve("ws"));
      Random one = new Random(seed);
      Random two = new Random(seed);
      Dir here = kernel.open(real);
      for (int i = 0; i < 400; i++) {
        String expected = random(kernel, here, one);
        assertThat(random(simulated, there, two))
            .as("seed %d, call %d", seed, i)
            .isEqualTo(expected);
      }
      assertThat(tree(simulated, there)).as("seed %d", seed).isEqualTo(tree(kernel, here));
    }
  }

  private static String random(Disk disk, Dir root, Random random) {
    String[] places = {"", "p", "q", "p/q", "q/p"};
    int call = random.nextInt(13);
    String from = places[random.nextInt(places.length)];
    String to = places[random.nextInt(places.length)];
    Bytes name = Bytes.utf8(random.nextBoolean() ? "p" : "q");
    Bytes other = Bytes.utf8(random.nextBoolean() ? "p" : "q");
    int mode = 0600 + random.nextInt(0200);
    RenameMode how = RenameMode.values()[random.nextInt(3)];
    try (Dir a =
            from.isEmpty()
                ? disk.open(root, RelativePath.ROOT)
                : disk.open(root, RelativePath.of(from));
        Dir b =
            to.isEmpty()
                ? disk.open(root, RelativePath.ROOT)
                : disk.open(root, RelativePath.of(to))) {
      switch (call) {
        case 0 -> disk.create(a, name, mode).close();
        case 1, 2 -> disk.mkdir(a, name, mode | 0700);
        case 3 -> disk.unlink(a, name);
        case 4 -> disk.rmdir(a, name);
        case 5, 6, 7 -> disk.rename(a, name, b, other, how);
        case 8 -> disk.link(a, name, b, other);
        case 9 -> disk.symlink(a, name, other);
        case 10 -> disk.chmod(a, name, mode | 0700);
        case 11 -> {
          try (DiskFile file = disk.open(a, name, OpenMode.APPEND)) {
            byte[] bytes = {(byte) mode};
            disk.write(file, bytes, 0, 1);
          }
        }
        default -> {
          return disk.stat(a, name)
              .map(s -> s.kind() + " " + s.mode() + " " + s.links())
              .orElse("none")
              .replaceAll("DIRECTORY ([0-9]+) .*", "DIRECTORY $1");
        }
      }
      return "done";
    } catch (DiskException e) {
      return e.errno().name();
    }
  }

  private static TreeMap<String, String> tree(Disk disk, Dir dir) {
    TreeMap<String, String> found = new TreeMap<>();
    for (Disk.DirEntry entry : disk.list(dir)) {
      FileStat stat = disk.stat(dir, entry.name()).orElseThrow();
      String content = "";
      if (stat.kind() == FileKind.DIRECTORY) {
        try (Dir below = disk.open(dir, RelativePath.of(entry.name()))) {
          tree(disk, below).forEach((n, t) -> found.put(entry.name() + "/" + n, t));
        }
      } else if (stat.kind() == FileKind.SYMLINK) {
        content = disk.readlink(dir, entry.name()).toString();
      } else {
        content = bytes(disk, dir, entry.name());
      }
      found.put(entry.name().toString(), stat.kind() + " " + stat.mode() + " " + content);
    }
    return found;
  }

  /** Its bytes, whoever may write to it: what {@link AtomicFile} refuses is compared here too. */
  private static String bytes(Disk disk, Dir dir, Bytes name) {
    byte[] buffer = new byte[1024];
    try (DiskFile file = disk.open(dir, name, OpenMode.READ)) {
      int n = disk.read(file, buffer, 0, buffer.length);
      return new String(buffer, 0, Math.max(0, n), ISO_8859_1);
    }
  }

  private static void fails(Errno errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DiskException.class, e -> assertThat(e.errno()).isEqualTo(errno));
  }

  private void file(Dir dir, Bytes name, String content) {
    try (DiskFile file = disk.create(dir, name, 0644)) {
      write(file, content);
    }
  }

  private Dir dir(Dir dir, Bytes name) {
    disk.mkdir(dir, name, 0755);
    return disk.open(dir, RelativePath.of(name));
  }

  private void write(DiskFile file, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    disk.write(file, bytes, 0, bytes.length);
  }

  private String read(Dir dir, Bytes name) {
    return new String(AtomicFile.read(disk, dir, name), UTF_8);
  }
}
