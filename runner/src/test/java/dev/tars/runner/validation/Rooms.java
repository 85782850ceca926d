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
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A real workspace, store and baseline on disk, without an engine. */
final class Rooms {
  static final int OWN_UID = ownUid();

  final StoreLayout layout;
  final Baseline baseline;
  final Path home;
  private final int uid;
  private int layers;

  /** A workspace with {@code src/A.txt} and a little more; {@code target} is scratch. */
  Rooms(Path temp) {
    this(
        temp, OWN_UID, Map.of("src/A.txt", "a\n", "src/old.txt", "old\n", ".gitignore", "*.log\n"));
  }

  Rooms(Path temp, int uid, Map<String, String> files) {
    this.uid = uid;
    try {
      Path workspace = Files.createDirectories(temp.resolve("ws"));
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = workspace.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
      home = Files.createDirectory(layout.root().resolve("rooms"));
      baseline = new Baselines(layout).capture(layout.workspace(workspace), rules(), uid, uid);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  LayeredCleanRoom.Place place() {
    return new LayeredCleanRoom.Place(layout, home, baseline, scope(), uid, uid);
  }

  /** An empty layer; whoever makes it discards it. */
  Layer layer() {
    return Layer.create(layout.disk(), home.resolve("step-" + layers++), baseline, uid, uid);
  }

  /** The change set that some writing to a fresh layer makes. */
  ChangeSet changeSet(Consumer<LayerWriter> writing) {
    Layer layer = layer();
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

  private static int ownUid() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
