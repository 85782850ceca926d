package dev.tars.runner.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.sandbox.docker.DockerSandbox;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel shows of a tree that is stored as a delta, from inside a box. */
class DeltaTreeDockerIT {
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
          ByteCount.mebibytes(4),
          ByteCount.mebibytes(16),
          Duration.ofMinutes(1));

  /** Prints what {@link Evolution#manifest} gives, one path a line. */
  private static final String LIST =
      """
      import os
      for top, dirs, files in os.walk("/workspace"):
          for name in dirs + files:
              path = os.path.join(top, name)
              stat = os.lstat(path)
              mode = "%o" % (stat.st_mode & 0o777)
              if os.path.islink(path):
                  what = "link " + os.readlink(path)
              elif os.path.isdir(path):
                  what = "directory " + mode
              else:
                  what = "file %s %d %s" % (mode, stat.st_mtime, open(path).read())
              print(os.path.relpath(path, "/workspace") + "\\t" + what)
      """;

  @TempDir private Path temp;

  @Test
  void theBoxSeesTheWorkspaceAsItIs() throws IOException {
    StoreLayout layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    Files.createDirectories(temp.resolve("layers"));
    int deltas = 0;
    try (Sandbox sandbox = DockerSandbox.connect(Optional.empty(), layout)) {
      Sandbox.ImageFacts image = sandbox.image(IMAGE);
      Path workspace = temp.resolve("ws");
      Evolution evolution = new Evolution(workspace, 11);
      for (int round = 0; round < 12; round++) {
        Baseline baseline =
            new Baselines(layout)
                .capture(
                    layout.workspace(workspace),
                    BaselinesTest.everything(),
                    image.uid(),
                    image.gid());
        deltas += baseline.place().delta().isPresent() ? 1 : 0;
        assertThat(seen(sandbox, image, layout, baseline, round))
            .as("round " + round)
            .isEqualTo(Evolution.manifest(workspace));
        evolution.step();
        evolution.step();
        evolution.step();
      }
    }
    assertThat(deltas).isGreaterThan(8);
  }

  private SortedMap<String, String> seen(
      Sandbox sandbox, Sandbox.ImageFacts image, StoreLayout layout, Baseline baseline, int round) {
    Layer layer =
        Layer.create(
            layout.disk(),
            temp.resolve("layers").resolve("layer-" + round),
            baseline,
            image.uid(),
            image.gid());
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var outcome =
          sandbox.run(
              SandboxSpecs.lower(
                  new SandboxSpecs.Room(image, layer, List.of(), LIMITS, Map.of()),
                  new SandboxSpecs.Command(
                      List.of("python3", "-c", LIST),
                      RelativePath.ROOT,
                      Map.of(),
                      Duration.ofMinutes(1),
                      new SandboxSpec.Owner("CTX-1", "list"))),
              (stream, bytes, offset, length) -> out.write(bytes, offset, length),
              () -> false);
      SortedMap<String, String> found = new TreeMap<>();
      for (String line : out.toString(StandardCharsets.UTF_8).split("\n")) {
        String[] parts = line.split("\t", 2);
        assertThat(parts).as(outcome + ": " + line).hasSize(2);
        found.put(parts[0], parts[1]);
      }
      return found;
    } finally {
      layer.discard(sandbox::emptyWork);
    }
  }
}
