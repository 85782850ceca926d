package dev.tars.runner.sandbox.docker;

import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the engine is told of where layers are. A box can read how it was mounted in {@code
 * /proc/mounts}, so the state directory goes by a descriptor of this process instead of its name:
 * no home and no user is to be seen, and no comma or colon of a path reaches the mount options.
 */
final class LayerPaths implements AutoCloseable {
  private final Path root;
  private final Disk.Dir handle;
  private final Optional<Path> alias;
  private volatile boolean hidden;

  LayerPaths(Disk disk, Path root) {
    this.root = root;
    this.handle = disk.open(root);
    this.alias = disk.byDescriptor(handle);
    this.hidden = alias.isPresent();
  }

  boolean areHidden() {
    return hidden;
  }

  /** For an engine that does not see the processes of this machine by their numbers. */
  void show() {
    hidden = false;
  }

  List<LayerMount> of(List<LayerMount> layers) {
    return layers.stream()
        .map(l ->
            new LayerMount(
                l.target(),
                l.lowers().stream().map(this::of).toList(),
                of(l.upper()),
                of(l.work())))
        .toList();
  }

  private Path of(Path path) {
    return hidden && path.startsWith(root)
        ? alias.orElseThrow().resolve(root.relativize(path))
        : path;
  }

  @Override
  public void close() {
    handle.close();
  }
}
