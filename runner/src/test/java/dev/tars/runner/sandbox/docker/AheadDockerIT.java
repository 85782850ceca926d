package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Boxes that are made before they are needed. */
class AheadDockerIT {
  private static final String IMAGE =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          1000,
          ByteCount.mebibytes(256),
          64,
          ByteCount.mebibytes(64),
          10_000,
          256,
          ByteCount.mebibytes(1),
          ByteCount.mebibytes(16),
          Duration.ofMinutes(1));

  @TempDir private Path temp;
  private StoreLayout layout;
  private DockerSandbox sandbox;
  private DockerClient docker;
  private Layer layer;
  private SandboxSpec spec;

  @BeforeEach
  void makeLayer() throws IOException {
    Files.writeString(Files.createDirectories(temp.resolve("ws")).resolve("a"), "baseline");
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    Files.createDirectories(layout.root().resolve("layers"));
    sandbox = DockerSandbox.connect(Optional.ofNullable(System.getenv("DOCKER_HOST")), layout);
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    docker =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    Sandbox.ImageFacts image = sandbox.image(IMAGE);
    layer =
        Layer.create(
            layout.disk(),
            layout.root().resolve("layers/one"),
            new Baselines(layout)
                .capture(
                    layout.workspace(temp.resolve("ws")),
                    BoxDockerIT.everything(),
                    image.uid(),
                    image.gid()),
            image.uid(),
            image.gid());
    spec =
        SandboxSpecs.lower(
            new SandboxSpecs.Room(image, layer, List.of(), LIMITS, Map.of()),
            new SandboxSpecs.Command(
                List.of("sh", "-c", "cat a; sleep 1"),
                RelativePath.ROOT,
                Map.of(),
                Duration.ofMinutes(1),
                new SandboxSpec.Owner("CTX-1", "ahead")));
  }

  @AfterEach
  void close() throws IOException {
    sandbox.close();
    assertThat(ours()).as("nothing is left when the sandbox is closed").isEmpty();
    docker.close();
  }

  @Test
  void aBoxMadeAheadIsNotStartedAndSeesWhatItsLayerGetsAfterwards() throws IOException {
    sandbox.paths().show(); // so that the kernel's list of mounts names the layer
    sandbox.expect(IMAGE);
    sandbox.prepare(spec);
    Files.writeString(layer.upper().resolve("a"), "written later");

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AtomicBoolean mounted = new AtomicBoolean();
    SandboxOutcome outcome =
        sandbox.run(
            spec,
            (_, b, at, n) -> out.write(b, at, n),
            () -> {
              mounted.compareAndSet(false, !mounts().isEmpty());
              return false;
            });

    assertThat(outcome).isInstanceOf(SandboxOutcome.Exited.class);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("written later");
    assertThat(mounted).as("the control: it was mounted while it ran").isTrue();
    assertThat(mounts()).as("mounts when run returns").isEmpty();
    assertThat(ours()).as("containers when run returns").isEmpty();
    layer.discard(sandbox::emptyWork);
  }

  @Test
  void aBoxThatIsNotNeededNeverRuns() {
    sandbox.prepare(spec);
    sandbox.close();

    assertThat(ours()).isEmpty();
    layer.discard(sandbox::emptyWork);
  }

  /** Containers of this state directory, whatever their state. */
  private List<Container> ours() {
    return docker
        .listContainersCmd()
        .withShowAll(true)
        .withLabelFilter(Map.of(Labels.STATE_DIR, layout.root().toString()))
        .exec();
  }

  /**
   * What the kernel has mounted that names our layer, in the engine's name space too: it is ours.
   */
  private List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/1/mountinfo")).stream()
          .filter(line -> line.contains(layer.home().toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
