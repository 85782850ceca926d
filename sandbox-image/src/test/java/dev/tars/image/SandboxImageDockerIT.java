package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small image built and loaded for real, and the default image as the engine has it. */
final class SandboxImageDockerIT {
  private static final String HOST =
      Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");
  private static final String DEFAULT =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final String SMALL = "tars-image-it:" + ProcessHandle.current().pid();

  private static DockerClient docker;

  @TempDir Path temp;

  @BeforeAll
  static void connect() {
    docker =
        DockerClientImpl.getInstance(
            DefaultDockerClientConfig.createDefaultConfigBuilder().withDockerHost(HOST).build(),
            new ZerodepDockerHttpClient.Builder().dockerHost(URI.create(HOST)).build());
  }

  @AfterAll
  static void leaveNothing() throws IOException {
    docker.removeImageCmd(SMALL).exec();
    docker.close();
  }

  @Test
  void anImageLoadsWithTheIdThatItWasBuiltWith() throws IOException {
    Path rootFs =
        TarFixture.rootFs().file("./usr/bin/su", 04755, "su").in(temp.resolve("rootfs.tar"));
    BuildRequest request =
        new BuildRequest(new ImageBase.RootFileSystem(rootFs), SMALL, "it", temp.resolve("cache"));
    String built = SandboxImage.buildArchive(request, temp.resolve("image.tar"));

    LoadedImage image = SandboxImage.build(request, EngineConnection.at(HOST));

    assertThat(image.id()).isEqualTo(built);
    assertThat(image.tags()).contains(SMALL);
    assertThat(image.labels()).containsEntry(ImageLabels.RECIPE, "it");
    assertThat(SandboxImage.list(EngineConnection.at(HOST)))
        .extracting(LoadedImage::id)
        .contains(built);
    assertThat(saved(SMALL).files().get("usr/bin/su").mode()).isEqualTo(0755);
  }

  @Test
  void theDefaultImageHasNoPrivilegedFileNoGitAndNoVolume() throws IOException {
    ImageContents contents = saved(DEFAULT);
    assertThat(contents.files()).as("the scan saw the image").hasSizeGreaterThan(10_000);
    assertThat(contents.privileged()).isEmpty();
    assertThat(contents.files()).doesNotContainKeys("usr/bin/git", "usr/bin/sudo", "usr/bin/ssh");
    assertThat(contents.files())
        .containsKeys("usr/bin/mvn", "usr/bin/node", "usr/bin/npm", "usr/bin/pytest")
        .containsKeys("usr/bin/perl", "usr/bin/java");
    assertThat(contents.packages()).doesNotContainKey("git");
    assertThat(new DockerArchive(temp.resolve("saved.tar")).volumes()).isEmpty();
  }

  @Test
  void theDefaultImageSaysWhatItHoldsAndWhatEachToolchainCosts() {
    LoadedImage image = SandboxImage.find(EngineConnection.at(HOST), DEFAULT).orElseThrow();
    assertThat(image.labels().get(ImageLabels.CONTENTS))
        .contains("maven=", "-jdk-headless=", "python3=", "python3-pytest=", "nodejs=", "npm=");
    long sum =
        Stream.of("base", "java", "python", "maven", "node", "grammars")
            .mapToLong(name -> Long.parseLong(image.labels().get(ImageLabels.COST + name)))
            .sum();
    assertThat(sum)
        .isCloseTo(image.size().bytes(), org.assertj.core.data.Percentage.withPercentage(2));
  }

  @Test
  void theDefaultImageRunsAsTheUserOfTheBox() {
    var config = docker.inspectImageCmd(DEFAULT).exec().getConfig();
    assertThat(config).isNotNull();
    assertThat(config.getUser()).isEqualTo("65532:65532");
    assertThat(config.getWorkingDir()).isEqualTo("/workspace");
  }

  private ImageContents saved(String name) throws IOException {
    Path file = temp.resolve("saved.tar");
    try (InputStream in = docker.saveImageCmd(name).exec()) {
      Files.copy(in, file);
    }
    return TarFixture.scan(file, temp);
  }
}
