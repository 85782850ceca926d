package dev.tars.runner.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A state directory is its owner's, or a group's if it says so; what is made in it is the same. */
class SharingTest {
  private static final int GROUP = 500;
  private static final ProcessUser ALICE = new ProcessUser(1001, Set.of(1001, GROUP));

  @TempDir private Path temp;

  @ParameterizedTest
  @CsvSource({
    "0700, 1001, 1001, true",
    "0755, 1001, 1001, true",
    "0700, 1002, 1001, false", // another person's
    "0755, 0, 0, false",
    "02770, 1002, 500, true",
    "02770, 0, 500, true",
    "02770, 1002, 501, false", // not our group
    "02770, 1001, 501, false", // ours, but what we make would not be the group's
    "0770, 1001, 500, false", // a group may write, and nobody said that it should
    "0775, 1001, 1001, false",
    "02775, 1001, 500, false", // others may read what the group shares
    "02772, 1001, 500, false",
    "0702, 1001, 1001, false",
    "0777, 1001, 1001, false",
    "01777, 1001, 1001, false",
    "02700, 1002, 500, false",
  })
  void onlyWhoItIsMeantForUsesAStateDirectory(String mode, int uid, int gid, boolean used) {
    assertThat(Sharing.refusal(Integer.parseInt(mode, 8), uid, gid, ALICE).isEmpty())
        .isEqualTo(used);
  }

  @Test
  void whatIsMadeIsPrivateUnlessTheDirectoryIsShared() throws Exception {
    assertThat(modes("0700")).containsExactly(0700, 0600, 0400, 0700, 0600);
    assertThat(modes("2770")).containsExactly(02770, 0660, 0440, 02770, 0660);
  }

  /**
   * Of a context, a file of it, an object, the object's directory and a file that is appended to.
   */
  private int[] modes(String state) throws Exception {
    Path root = Files.createDirectory(temp.resolve("s" + state));
    assertThat(new ProcessBuilder("chmod", state, root.toString()).start().waitFor()).isZero();
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), root);
    ContextDir context = layout.newContext();
    context.write("context.json", new byte[] {1});
    Digest object = layout.objects().put(new byte[] {2});
    context.append("steps/a.log").close();
    Path shard = root.resolve("objects").resolve(object.hex().substring(0, 2));
    return new int[] {
      mode(context.path()),
      mode(context.path().resolve("context.json")),
      mode(shard.resolve(object.hex())),
      mode(shard),
      mode(context.path().resolve("steps/a.log"))
    };
  }

  @Test
  void aDirectoryMadeForUsAloneIsSoInASharedOneToo() throws Exception {
    Path shared = Files.createDirectory(temp.resolve("shared"));
    assertThat(new ProcessBuilder("chmod", "2770", shared.toString()).start().waitFor()).isZero();
    Disk disk = LinuxDisk.create();
    try (Disk.Dir dir = disk.open(shared)) {
      Directories.openOrMake(disk, dir, Bytes.utf8("control")).close();
      Directories.openOrMakePrivate(disk, dir, Bytes.utf8("staging")).close();
      disk.mkdir(dir, Bytes.utf8("layer"), 0711);
    }
    assertThat(mode(shared.resolve("control"))).isEqualTo(02770);
    assertThat(mode(shared.resolve("staging"))).isEqualTo(0700);
    assertThat(mode(shared.resolve("layer"))).isEqualTo(0711);
  }

  private static int mode(Path path) throws Exception {
    return (int) Files.getAttribute(path, "unix:mode") & 07777;
  }
}
