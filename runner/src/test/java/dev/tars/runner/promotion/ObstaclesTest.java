package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.workspace.ChangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths that can never be promoted are known as soon as the change set is, and refused alike. */
class ObstaclesTest {
  // VFS_CAP_REVISION_2, effective, CAP_NET_BIND_SERVICE
  private static final byte[] CAPABILITY = {
    1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  @TempDir private Path temporary;
  private PromotionFixture at;

  @BeforeEach
  void makeWorkspace() {
    at = PromotionFixture.make(temporary);
  }

  @Test
  void anOrdinaryWorkspaceHasNone() {
    assertThat(promoter().obstacles(at.everyKind())).isEmpty();
  }

  @Test
  void aFileWithTwoNamesIsOne() throws IOException {
    Files.createLink(at.root.resolve("other-name"), at.root.resolve("modified.txt"));
    refusedWith("2 hard links", "put a copy in its place");
  }

  @ParameterizedTest
  @ValueSource(ints = {04755, 02755, 01644})
  void aFileWithSpecialBitsIsOne(int mode) throws IOException {
    Files.setAttribute(at.root.resolve("modified.txt"), "unix:mode", mode);
    refusedWith("special bits", "chmod");
  }

  @Test
  void aFileThatGoesHasSpecialBitsToLoseAsWell() throws IOException {
    Files.setAttribute(at.root.resolve("deleted.txt"), "unix:mode", 04755);
    refusedWith("special bits", "chmod");
  }

  @Test
  void aDirectoryThatGoesWithSomethingThatNoBoxHasSeenIsOne() throws IOException {
    Files.createDirectories(at.root.resolve("dir-gone/target/classes"));
    refusedWith("no box has seen it", "remove it or move it away");
  }

  @Test
  void fileCapabilitiesAreOne() {
    Disk disk = LinuxDisk.create();
    try (Disk.Dir root = disk.open(at.root)) {
      disk.setXattr(
          root,
          Bytes.utf8("modified.txt"),
          Bytes.utf8("security.capability"),
          Bytes.of(CAPABILITY));
    }
    refusedWith("security.capability", "take the attribute away");
  }

  @ParameterizedTest
  @CsvSource({"0x40, nodump", "0x100000, verity"})
  void anAttributeThatANewFileWouldNotHaveIsOne(String bits, String name) {
    Disk marked =
        DiskSpy.with((method, args) -> {
          if (!method.equals("stat")
              || args.length != 2
              || !args[1].equals(Bytes.utf8("deleted.txt"))) {
            return Optional.empty();
          }
          FileStat s = LinuxDisk.create().stat((Disk.Dir) args[0], (Bytes) args[1]).orElseThrow();
          return Optional.of(Optional.of(with(s, Long.decode(bits))));
        });
    PromotionFixture odd = at.through(marked);
    assertThat(new Promoter(odd.layout, odd.workspace, odd.log).obstacles(odd.few()))
        .singleElement()
        .satisfies(c -> assertThat(c.why()).contains(name));
    assertThat(promoter().obstacles(at.few())).as("the control").isEmpty();
  }

  private static FileStat with(FileStat s, long attributes) {
    return new FileStat(
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
        s.mountId(),
        attributes);
  }

  @Test
  void whatIsGoneMeanwhileIsNoObstacleButDrift() throws IOException {
    ChangeSet changes = at.everyKind();
    Files.delete(at.root.resolve("modified.txt"));
    assertThat(promoter().obstacles(changes)).isEmpty();
    PromotionOutcome.Stale stale = (PromotionOutcome.Stale) at.promote(changes);
    assertThat(stale.conflicts())
        .singleElement()
        .satisfies(c -> {
          assertThat(c.remedy()).isEmpty();
          assertThat(c.line()).contains("expected file", "found nothing", "wanted file");
        });
  }

  private void refusedWith(String why, String remedy) {
    SortedMap<String, String> before = at.tree();
    ChangeSet changes = at.everyKind();
    List<PathConflict> early = promoter().obstacles(changes);
    assertThat(early)
        .singleElement()
        .satisfies(c -> {
          assertThat(c.why()).contains(why);
          assertThat(c.remedy()).hasValueSatisfying(r -> assertThat(r).contains(remedy));
          assertThat(c.line()).contains(why, remedy).doesNotContain("expected");
        });
    PromotionOutcome.Stale late = (PromotionOutcome.Stale) at.promote(changes);
    assertThat(late.conflicts()).isEqualTo(early);
    assertThat(at.tree()).isEqualTo(before);
    assertThat(at.rollback().since("CTX-1")).isEmpty();
  }

  @Test
  void driftBesideTheChangeSaysWhatWasExpectedAndWhatIsThere() {
    String line =
        PathConflict.drift(
                dev.tars.runner.model.RelativePath.of("b"),
                at.entry("stranger.txt"),
                Optional.empty())
            .line();
    assertThat(line).contains("expected file", "found nothing").doesNotContain("wanted");
  }

  private Promoter promoter() {
    return new Promoter(at.layout, at.workspace, at.log);
  }
}
