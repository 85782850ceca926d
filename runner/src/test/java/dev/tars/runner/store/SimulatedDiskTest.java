package dev.tars.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulation does what the contract says, and a power cut loses all that it may lose. */
class SimulatedDiskTest extends DiskContractTest {
  private static final Bytes F = Bytes.utf8("f");
  private static final Bytes G = Bytes.utf8("g");
  private SimulatedDisk simulated;

  @BeforeEach
  void open() {
    simulated = SimulatedDisk.empty();
    disk = simulated;
    root = simulated.open(SimulatedDisk.BASE.resolve("ws"));
  }

  private Disk.DiskFile write(Bytes name, String text) {
    Disk.DiskFile file = disk.create(root, name, 0600);
    disk.write(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, text.length());
    return file;
  }

  private static String of(SimImage image) {
    return image.tree("ws").tailMap("a").toString();
  }

  @Test
  void whatIsNotSyncedMayBeLost() {
    write(F, "hello");
    assertThat(of(simulated.powerCut().lost())).isEqualTo("{}");
    assertThat(of(simulated.powerCut().kept())).isEqualTo("{f=REGULAR 600 hello}");
    assertThat(of(simulated.powerCut().emptied())).isEqualTo("{f=REGULAR 600 }");
    assertThat(of(simulated.powerCut().zeroed())).isEqualTo("{f=REGULAR 600 \0\0\0\0\0}");
  }

  @Test
  void aSyncOfAFileDoesNotSyncItsNameNorThatOfTheName() {
    disk.fsync(write(F, "hello"));
    assertThat(of(simulated.powerCut().lost())).isEqualTo("{}");
    disk.fsync(root);
    assertThat(of(simulated.powerCut().lost())).isEqualTo("{f=REGULAR 600 hello}");
    write(G, "bye");
    disk.fsync(root);
    assertThat(of(simulated.powerCut().lost())).contains("g=REGULAR 600 }");
    disk.chmod(root, F, 0644);
    disk.fsync(root);
    assertThat(of(simulated.powerCut().lost())).contains("f=REGULAR 600 ");
    disk.syncfs(root);
    assertThat(of(simulated.powerCut().lost())).contains("f=REGULAR 644 ", "g=REGULAR 600 bye");
  }

  @Test
  void aRenameIsLostOrKeptWhole() {
    disk.mkdir(root, Bytes.utf8("d"), 0700);
    Disk.Dir d = disk.open(root, RelativePath.of("d"));
    disk.fsync(write(F, "f"));
    disk.fsync(write(G, "g"));
    disk.syncfs(root);
    disk.rename(root, F, d, F, Disk.RenameMode.NOREPLACE);
    disk.rename(root, G, root, F, Disk.RenameMode.NOREPLACE);
    List<String> seen = new ArrayList<>();
    simulated.powerCut().each(i -> seen.add(of(i)));
    seen.add(of(simulated.powerCut().kept()));
    assertThat(seen)
        .contains("{d=DIRECTORY 700 , d/f=REGULAR 600 f, f=REGULAR 600 g}")
        .contains("{d=DIRECTORY 700 , d/f=REGULAR 600 f, g=REGULAR 600 g}")
        .contains("{d=DIRECTORY 700 , f=REGULAR 600 f, g=REGULAR 600 g}")
        // The second name was free only after the first rename: it is never kept alone.
        .allMatch(t -> t.contains(" f") && t.contains(" g"));
    disk.fsync(d);
    assertThat(of(simulated.powerCut().lost()))
        .isEqualTo("{d=DIRECTORY 700 , d/f=REGULAR 600 f, g=REGULAR 600 g}");
  }

  @Test
  void unsyncedOperationsAreLostInAnyOrder() {
    write(F, "f");
    write(G, "g");
    Random random = new Random(1);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      seen.add(of(simulated.powerCut().random(random)));
    }
    assertThat(seen)
        .contains("{g=REGULAR 600 g}", "{f=REGULAR 600 , g=REGULAR 600 g}", "{f=REGULAR 600 f}");
  }

  @Test
  void theLastWriteTearsAtEveryByte() {
    disk.fsync(write(F, "hello"));
    disk.syncfs(root);
    Disk.DiskFile file = disk.open(root, F, Disk.OpenMode.APPEND);
    disk.write(file, "abc".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 3);
    List<String> seen = new ArrayList<>();
    simulated.powerCut().torn(i -> seen.add(of(i)));
    assertThat(seen)
        .contains("{f=REGULAR 600 hello}", "{f=REGULAR 600 helloa}", "{f=REGULAR 600 helloab}");
    assertThat(seen).contains("{f=REGULAR 600 helloa\0\0}");
  }

  @Test
  void anImageIsADiskWithoutLocksOnWhichAllIsDurable() {
    Disk.DiskFile file = write(F, "f");
    assertThat(disk.tryLock(file)).isTrue();
    SimulatedDisk next = SimulatedDisk.of(simulated.image());
    assertThat(next.image().digest()).isEqualTo(simulated.image().digest());
    assertThat(next.powerCut().lost().digest()).isEqualTo(simulated.image().digest());
    Disk.Dir there = next.open(SimulatedDisk.BASE.resolve("ws"));
    assertThat(next.tryLock(next.open(there, F, Disk.OpenMode.WRITE))).isTrue();
  }

  @Test
  void aFoldingFileSystemHasOneNameForTwo() {
    simulated.fold(n -> Bytes.utf8(n.lossyText().toLowerCase(Locale.ROOT)));
    write(Bytes.utf8("Name"), "x");
    assertThat(disk.stat(root, Bytes.utf8("NAME"))).isPresent();
    assertThat(disk.list(root).getFirst().name()).isEqualTo(Bytes.utf8("Name"));
    disk.rename(root, Bytes.utf8("name"), root, Bytes.utf8("nAME"), Disk.RenameMode.REPLACE);
    assertThat(disk.list(root).getFirst().name()).isEqualTo(Bytes.utf8("nAME"));
  }
}
