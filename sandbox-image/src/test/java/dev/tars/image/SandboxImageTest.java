package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real builds with Jib of small bases, into files: no engine, no registry. */
final class SandboxImageTest {
  @TempDir Path temp;

  @Test
  void twoBuildsOfTheSameBaseHaveTheSameId() throws IOException {
    Path rootFs = TarFixture.rootFs().in(temp.resolve("rootfs.tar"));
    String first = build(new ImageBase.RootFileSystem(rootFs), "first");
    String second = build(new ImageBase.RootFileSystem(rootFs), "second");
    assertThat(first).matches("sha256:[0-9a-f]{64}").isEqualTo(second);
  }

  @Test
  void anotherBaseHasAnotherId() throws IOException {
    Path one = TarFixture.rootFs().in(temp.resolve("one.tar"));
    Path other = TarFixture.rootFs().file("./x", 0644, "x").in(temp.resolve("other.tar"));
    assertThat(build(new ImageBase.RootFileSystem(one), "one"))
        .isNotEqualTo(build(new ImageBase.RootFileSystem(other), "other"));
  }

  @Test
  void theBoxHasItsUserDirectoriesAndLabels() throws IOException {
    Path rootFs =
        TarFixture.rootFs()
            .file("./usr/lib/jvm/jdk/bin/javac", 0755, "")
            .in(temp.resolve("rootfs.tar"));
    build(new ImageBase.RootFileSystem(rootFs), "image");
    JsonNode config = config(temp.resolve("image.tar")).path("config");
    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/workspace");
    assertThat(config.path("Labels").path(ImageLabels.RECIPE).asText()).isEqualTo("test");
    assertThat(config.path("Labels").path(ImageLabels.SCHEMA).asText()).isEqualTo("1");
    assertThat(config.path("Env"))
        .extracting(JsonNode::asText)
        .contains("HOME=/home/tars", "JAVA_HOME=/usr/lib/jvm/jdk", "LANG=C.UTF-8");
    ImageContents contents = TarFixture.scan(temp.resolve("image.tar"), temp);
    ImageFile home = contents.files().get("home/tars");
    assertThat(home.mode()).isEqualTo(0755);
    assertThat(home.owner()).hasToString("65532:65532");
    assertThat(contents.files()).containsKeys("workspace", "home/tars/.m2", "usr/bin/true");
    assertThat(contents.text("etc/passwd"))
        .startsWith("root:x:0:0")
        .endsWith("tars:x:65532:65532::/home/tars:/bin/sh\n");
  }

  @Test
  void aPrivilegedFileOfTheBaseIsReplacedByOneWithoutPrivileges() throws IOException {
    byte[] layer =
        TarFixture.rootFs()
            .file("usr/bin/su", 04755, "su program")
            .hardLink("usr/bin/su2", "usr/bin/su", 04755)
            .capable("usr/bin/ping", "ping program")
            .directory("usr/local", 02775)
            .bytes();
    Path base = TarFixture.image(temp.resolve("base.tar"), "{}", layer);
    assertThat(privileged(base))
        .as("the scan sees them in the base")
        .containsExactly("usr/bin/ping", "usr/bin/su", "usr/bin/su2", "usr/local");

    build(new ImageBase.Archive(base), "image");

    assertThat(privileged(temp.resolve("image.tar"))).isEmpty();
    Map<String, ImageFile> files = TarFixture.filesOf(temp.resolve("image.tar"), temp);
    assertThat(files.get("usr/bin/su").mode()).isEqualTo(0755);
    assertThat(files.get("usr/bin/su").size()).isEqualTo("su program".length());
    assertThat(files.get("usr/bin/su2").size()).isEqualTo("su program".length());
    assertThat(files.get("usr/local").mode()).isEqualTo(0775);
  }

  @Test
  void aBaseWithAVolumeIsRefused() throws IOException {
    byte[] layer = TarFixture.rootFs().bytes();
    Path base = TarFixture.image(temp.resolve("base.tar"), "{\"Volumes\":{\"/data\":{}}}", layer);
    assertThatThrownBy(() -> build(new ImageBase.Archive(base), "image"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.IMAGE_REFUSED);
              assertThat(e).hasMessageContaining("/data");
            });
  }

  @Test
  void aFileThatIsNoImageIsRefusedWithAHint() throws IOException {
    Path notAnImage = TarFixture.rootFs().in(temp.resolve("rootfs.tar"));
    assertThatThrownBy(() -> build(new ImageBase.Archive(notAnImage), "image"))
        .isInstanceOfSatisfying(
            RunnerException.class, e -> assertThat(e.help()).contains("rootfs:"));
  }

  @Test
  void nothingOfABuildIsLeftButTheCacheOfLayers() throws IOException {
    Path rootFs = TarFixture.rootFs().in(temp.resolve("rootfs.tar"));
    build(new ImageBase.RootFileSystem(rootFs), "image");
    try (Stream<Path> left = Files.list(temp.resolve("cache-image"))) {
      assertThat(left.map(p -> p.getFileName().toString())).containsExactly("jib");
    }
  }

  private List<String> privileged(Path image) throws IOException {
    return TarFixture.filesOf(image, temp).values().stream()
        .filter(ImageFile::privileged)
        .map(ImageFile::path)
        .toList();
  }

  private String build(ImageBase base, String name) {
    BuildRequest request =
        new BuildRequest(base, "tars-test:unit", "test", temp.resolve("cache-" + name));
    return SandboxImage.buildArchive(request, temp.resolve(name + ".tar"));
  }

  private static JsonNode config(Path image) throws IOException {
    try (InputStream file = Files.newInputStream(image);
        TarArchiveInputStream tar = new TarArchiveInputStream(file)) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        if (e.getName().equals("config.json")) {
          return new ObjectMapper().readTree(tar.readAllBytes());
        }
      }
    }
    throw new IOException("no config in " + image);
  }
}
