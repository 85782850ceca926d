package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaselinesTest {
  @TempDir private Path temp;
  private StoreLayout layout;

  @BeforeEach
  void open() {
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
  }

  static PathRules everything() {
    return new PathRules() {
      @Override
      public boolean hides(RelativePath path) {
        return false;
      }

      @Override
      public boolean scratches(RelativePath path) {
        return false;
      }
    };
  }

  private Baseline capture(Path workspace) {
    return new Baselines(layout).capture(layout.workspace(workspace), everything(), 0, 0);
  }

  @Test
  void everyCaptureShowsTheWorkspaceAsItWas() throws IOException {
    int deltas = 0;
    for (long seed = 1; seed <= 12; seed++) {
      Path workspace = temp.resolve("ws-" + seed);
      Evolution evolution = new Evolution(workspace, seed);
      for (int round = 0; round < 25; round++) {
        Baseline baseline = capture(workspace);
        deltas += baseline.place().delta().isPresent() ? 1 : 0;
        assertThat(overlaid(baseline.lowers()))
            .as("seed " + seed + ", round " + round)
            .isEqualTo(Evolution.manifest(workspace));
        for (TreeFile.Node node : baseline.nodes()) {
          if (node.entry() instanceof dev.tars.runner.model.TreeEntry.RegularFile file) {
            assertThat(dev.tars.runner.model.Digest.of(baseline.read(node.path(), 1000)))
                .isEqualTo(file.content());
          }
        }
        evolution.step();
        evolution.step();
      }
    }
    assertThat(deltas).isGreaterThan(200);
  }

  @Test
  void aTreeIsOpenedAgainAsItWasCaptured() throws IOException {
    Path workspace = temp.resolve("ws");
    Evolution evolution = new Evolution(workspace, 7);
    capture(workspace);
    evolution.step();
    Baseline captured = capture(workspace);
    SortedMap<String, String> was = Evolution.manifest(workspace);
    evolution.step();
    Baseline opened = new Baselines(layout).open(captured.digest());
    assertThat(opened.place().delta()).isPresent();
    assertThat(overlaid(opened.lowers())).isEqualTo(was);
    assertThat(opened.nodes()).isEqualTo(captured.nodes());
  }

  @Test
  void aLargeChangeIsStoredAsAWholeTree() throws IOException {
    Path workspace = Files.createDirectories(temp.resolve("ws"));
    for (int i = 0; i < 400; i++) {
      Files.writeString(workspace.resolve("f" + i), "old " + i);
    }
    capture(workspace);
    for (int i = 0; i < 300; i++) {
      Files.writeString(workspace.resolve("f" + i), "new " + i);
    }
    Baseline baseline = capture(workspace);
    assertThat(baseline.place().delta()).isEmpty();
    assertThat(Evolution.manifest(baseline.lowers().getFirst()))
        .isEqualTo(Evolution.manifest(workspace));
    Path same = Path.of("f399"); // the copy of the last tree serves for this one as well
    assertThat(Files.getAttribute(baseline.lowers().getFirst().resolve(same), "unix:nlink"))
        .isEqualTo(2);
  }

  @Test
  void aTreeWhoseBaseIsGoneIsCapturedAgain() throws IOException {
    Path workspace = temp.resolve("ws");
    Evolution evolution = new Evolution(workspace, 3);
    Baseline base = capture(workspace);
    evolution.step();
    Baseline delta = capture(workspace);
    assertThat(delta.place().delta()).isPresent();
    Files.delete(base.lowers().getFirst().resolveSibling("tree"));
    Baseline again = capture(workspace);
    assertThat(again.digest()).isEqualTo(delta.digest());
    assertThat(overlaid(again.lowers())).isEqualTo(Evolution.manifest(workspace));
  }

  @Test
  void afterARestartOfTheMachineATreeIsBelievedOnlyIfItIsWhole() throws IOException {
    Path workspace = temp.resolve("ws");
    new Evolution(workspace, 5);
    Baseline whole = capture(workspace);
    TreeStore later = new TreeStore(layout, "another boot");
    assertThat(later.open(whole.digest()).orElseThrow().nodes().size())
        .isEqualTo(whole.nodes().size());
    Path file =
        whole
            .lowers()
            .getFirst()
            .resolve(
                whole.nodes().stream()
                    .filter(n -> n.entry() instanceof dev.tars.runner.model.TreeEntry.RegularFile)
                    .findFirst()
                    .orElseThrow()
                    .path()
                    .toString());
    Files.writeString(file, "torn");
    assertThat(new TreeStore(layout, "a third boot").open(whole.digest())).isEmpty();
    assertThat(whole.lowers().getFirst()).doesNotExist();
  }

  /** What overlayfs would show of one or two lower directories. */
  private static SortedMap<String, String> overlaid(List<Path> lowers) throws IOException {
    SortedMap<String, String> shown = new TreeMap<>(Evolution.manifest(lowers.getLast()));
    if (lowers.size() == 2) {
      Path top = lowers.getFirst();
      try (var all = Files.walk(top)) {
        for (Path path : all.filter(p -> !p.equals(top)).toList()) {
          String name = top.relativize(path).toString();
          boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
          boolean merges = directory && shown.getOrDefault(name, "").startsWith("directory");
          if (!merges) {
            shown.keySet().removeIf(n -> n.equals(name) || n.startsWith(name + "/"));
          }
          boolean whiteout =
              ((int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 0170000)
                  == 0020000;
          if (!whiteout) {
            shown.put(name, Evolution.describe(path));
          }
        }
      }
    }
    return shown;
  }

  @Test
  void aFileWithHolesTakesNoMoreRoomInTheBaseline() throws IOException {
    Path workspace = Files.createDirectory(temp.resolve("sparse"));
    Path disk = workspace.resolve("disk.img");
    byte[] data = new byte[5000];
    java.util.Arrays.fill(data, (byte) 7);
    try (var file = new java.io.RandomAccessFile(disk.toFile(), "rw")) {
      file.write(data);
      file.seek(20L << 20);
      file.write(data);
      file.setLength(64L << 20);
    }

    Path copy = capture(workspace).lowers().getFirst().resolve("disk.img");

    assertThat(Files.mismatch(copy, disk)).isEqualTo(-1);
    assertThat(allocated(copy)).isLessThan(1L << 20);
  }

  private long allocated(Path file) {
    var disk = layout.disk();
    try (var dir = disk.open(file.getParent())) {
      return disk.stat(dir, dev.tars.runner.model.Bytes.utf8(file.getFileName().toString()))
          .orElseThrow()
          .allocated();
    }
  }

  @Test
  void manyFilesAreCapturedByAllThreadsAsTheyAre() throws IOException {
    Path workspace = Files.createDirectory(temp.resolve("many"));
    for (int i = 0; i < 1200; i++) {
      Path directory = Files.createDirectories(workspace.resolve("d" + i % 7 + "/e" + i % 11));
      Files.writeString(directory.resolve("f" + i), "content " + i);
    }

    Baseline baseline = capture(workspace);

    assertThat(overlaid(baseline.lowers())).isEqualTo(Evolution.manifest(workspace));
  }
}
