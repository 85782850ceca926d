package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.Layer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A box reaches paths, one directory at a time, that no program can name as a whole. */
class LongPathTest {
  private static final String NAME = "d".repeat(204); // with its slash 205 bytes: 19 are 3895

  @TempDir private Path temp;

  @Test
  void aPathThatNoHostTakesIsRefusedInOneShortSentence() {
    ChangeSet changes = made(60);

    assertThat(changes.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.rule()).isEqualTo("limit.path-length");
          assertThat(finding.path()).isEqualTo(NAME);
          assertThat(finding.message())
              .contains("no host takes more than 4095")
              .hasSizeLessThan(99);
        });
    assertThat(changes.changes())
        .allSatisfy(change -> assertThat(change.path().bytes().length()).isLessThan(4096));
  }

  @Test
  void thePathThatJustFitsIsAChange() {
    ChangeSet changes = made(19);

    assertThat(changes.findings()).isEmpty();
    assertThat(changes.changes()).hasSize(19);
  }

  private ChangeSet made(int depth) {
    Rooms rooms = new Rooms(temp);
    Layer layer = rooms.layer();
    Disk disk = rooms.layout.disk();
    deepen(disk, disk.open(layer.upper()), depth);
    ChangeSet changes = ChangeSetReader.read(rooms.layout, layer, rooms.place().scope());
    layer.discard(work -> {});
    return changes;
  }

  private static void deepen(Disk disk, Disk.Dir at, int depth) {
    try (at) {
      if (depth > 0) {
        disk.mkdir(at, Bytes.utf8(NAME), 0755);
        deepen(disk, disk.open(at, RelativePath.of(NAME)), depth - 1);
      }
    }
  }
}
