package dev.tars.runner.validation;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/** A real workspace, store and baseline on disk, without an engine. */
final class Rooms {
  static final int UID = uid();

  final StoreLayout layout;
  final Baseline baseline;
  final Path home;
  private int layers;

  /** A workspace with {@code src/A.txt}, {@code build.sh} and {@code target} as scratch. */
  Rooms(Path temp) {
    try {
      Path workspace = Files.createDirectories(temp.resolve("ws"));
      Files.createDirectories(workspace.resolve("src"));
      Files.writeString(workspace.resolve("src/A.txt"), "a\n");
      Files.writeString(workspace.resolve("src/old.txt"), "old\n");
      Files.writeString(workspace.resolve(".gitignore"), "*.log\n");
      home = Files.createDirectories(temp.resolve("rooms"));
      layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
      baseline = new Baselines(layout).capture(layout.workspace(workspace), rules(), UID, UID);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LayeredCleanRoom.Place place() {
    return new LayeredCleanRoom.Place(layout, home, baseline, scope(), UID, UID);
  }

  /** The change set that some writing to a fresh layer makes. */
  ChangeSet changeSet(Consumer<LayerWriter> writing) {
    Layer layer = Layer.create(layout.disk(), home.resolve("step-" + layers++), baseline, UID, UID);
    writing.accept(new LayerWriter(layout.disk(), layer));
    ChangeSet changeSet = ChangeSetReader.read(layout, layer, scope());
    layer.discard(work -> {});
    return changeSet;
  }

  private static ChangeSetReader.Scope scope() {
    return new ChangeSetReader.Scope(
        rules(),
        new ChangeLimits(
            1000, 10_000, 10_000, ByteCount.mebibytes(1), ByteCount.mebibytes(8), 200, 20),
        Set.of());
  }

  private static PathRules rules() {
    return new PathRules() {
      @Override
      public boolean hides(RelativePath path) {
        return path.toString().equals(".env");
      }

      @Override
      public boolean scratches(RelativePath path) {
        return path.toString().equals("target");
      }
    };
  }

  private static int uid() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
