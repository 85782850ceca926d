package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LayerScanTest {
  @TempDir Path work;

  @Test
  void aLaterLayerReplacesAndRemovesWhatIsBelow() throws IOException {
    ImageContents contents =
        scan(
            new TarFixture().file("a/one", 0644, "1").file("a/two", 0644, "2").file("b", 0644, "3"),
            new TarFixture().file("a/.wh.two", 0, "").file("b", 0600, "longer"));
    assertThat(contents.files()).containsOnlyKeys("a/one", "b");
    assertThat(contents.files().get("b").size()).isEqualTo(6);
  }

  @Test
  void anOpaqueDirectoryHidesOnlyWhatIsBelowItsLayer() throws IOException {
    ImageContents contents =
        scan(
            new TarFixture().file("d/old", 0644, "1").file("d2/stays", 0644, "1"),
            new TarFixture().file("d/new", 0644, "2").file("d/.wh..wh..opq", 0, ""));
    assertThat(contents.files()).containsOnlyKeys("d/new", "d2/stays");
  }

  @Test
  void aPrivilegedFileThatALaterLayerRemovesIsNoMorePrivileged() throws IOException {
    TarFixture below = new TarFixture().file("usr/bin/su", 04755, "su");
    assertThat(scan(below).privileged()).containsOnlyKeys("usr/bin/su");
    ImageContents contents =
        scan(
            new TarFixture().file("usr/bin/su", 04755, "su"),
            new TarFixture().file("usr/bin/.wh.su", 0, ""));
    assertThat(contents.privileged()).isEmpty();
  }

  @Test
  void aSymbolicLinkIsNeverPrivileged() throws IOException {
    assertThat(scan(new TarFixture().symbolicLink("bin", "usr/bin")).privileged()).isEmpty();
  }

  @Test
  void aPrivilegedLinkToNothingIsRefused() {
    TarFixture layer = new TarFixture().hardLink("y", "gone", 04755);
    assertThatThrownBy(() -> scan(layer))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("/y");
  }

  @Test
  void aPackageListWithoutMeasureIsRefused() {
    TarFixture layer = new TarFixture().file(DpkgDatabase.STATUS, new byte[(16 << 20) + 1]);
    assertThatThrownBy(() -> scan(layer))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("16 MiB");
  }

  private ImageContents scan(TarFixture... layers) throws IOException {
    LayerScan scan = new LayerScan(java.nio.file.Files.createTempDirectory(work, "scan"));
    for (TarFixture layer : layers) {
      scan.add(new ByteArrayInputStream(layer.bytes()));
    }
    return scan.contents();
  }
}
