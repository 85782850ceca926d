package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bases that come from a registry: one on a loopback port, over HTTP. */
final class RegistryBaseTest {
  @TempDir Path temp;

  @Test
  void twoBuildsOnARegistryBaseAreEqualAndHoldWhatAFileBaseHolds() throws IOException {
    byte[] layer = TarFixture.rootFs().file("usr/bin/su", 04755, "su").bytes();
    Path file = TarFixture.image(temp.resolve("base.tar"), "{}", layer);
    String fromFile = build(new ImageBase.Archive(file), "file");
    try (FakeRegistry registry = new FakeRegistry(layer, "{}")) {
      String first = build(new ImageBase.Registry(registry.image()), "first");
      String second = build(new ImageBase.Registry(registry.image()), "second");
      assertThat(first).isEqualTo(second);
      assertThat(fromFile).matches("sha256:[0-9a-f]{64}");
    }
    Map<String, ImageFile> files = TarFixture.filesOf(temp.resolve("first.tar"), temp);
    assertThat(files.get("usr/bin/su").mode()).isEqualTo(0755);
    assertThat(files).containsOnlyKeys(TarFixture.filesOf(temp.resolve("file.tar"), temp).keySet());
  }

  @Test
  void aVolumeOfARegistryBaseIsRefused() throws IOException {
    try (FakeRegistry registry =
        new FakeRegistry(TarFixture.rootFs().bytes(), "{\"Volumes\":{\"/data\":{}}}")) {
      assertThatThrownBy(() -> build(new ImageBase.Registry(registry.image()), "image"))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.IMAGE_REFUSED));
    }
  }

  @Test
  void aNameThatTheRegistryDoesNotHaveIsAFailureThatNamesIt() throws IOException {
    try (FakeRegistry registry = new FakeRegistry(TarFixture.rootFs().bytes(), "{}")) {
      String missing = registry.image().replace("tools", "nothing");
      assertThatThrownBy(() -> build(new ImageBase.Registry(missing), "image"))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.notes()).anyMatch(note -> note.contains("nothing")));
    }
  }

  @Test
  void whatIsNoNameOfAnImageIsAMistakeOfTheCaller() {
    assertThatThrownBy(() -> build(new ImageBase.Registry("Not A Name"), "image"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.USAGE));
  }

  private String build(ImageBase base, String name) {
    BuildRequest request =
        new BuildRequest(base, "tars-test:unit", "test", temp.resolve("cache-" + name));
    return SandboxImage.buildArchive(request, temp.resolve(name + ".tar"));
  }
}
