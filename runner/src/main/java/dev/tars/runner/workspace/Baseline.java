package dev.tars.runner.workspace;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An immutable copy of a workspace, known by its tree digest. Nothing ever writes to it. */
public final class Baseline {
  private final Disk disk;
  private final TreeStore.Place place;
  private final TreeFile tree;
  private final List<SkippedPath> skipped;

  Baseline(Disk disk, TreeStore.Place place, TreeFile tree, List<SkippedPath> skipped) {
    this.disk = disk;
    this.place = place;
    this.tree = tree;
    this.skipped = List.copyOf(skipped);
  }

  public Digest digest() {
    return tree.tree();
  }

  /** The directories that an overlay takes as its lower layers, topmost first. */
  public List<Path> lowers() {
    return place.lowers();
  }

  TreeStore.Place place() {
    return place;
  }

  /** What the capture left out; empty for a baseline that was opened again. */
  public List<SkippedPath> skipped() {
    return skipped;
  }

  /** Permission bits of the root itself. */
  public int rootMode() {
    return tree.rootMode();
  }

  public Optional<TreeEntry> entry(RelativePath path) {
    return tree.node(path).map(TreeFile.Node::entry);
  }

  /** What the capture saw of the file at {@code path}, for quick comparison with the workspace. */
  Optional<TreeFile.Node> node(RelativePath path) {
    return tree.node(path);
  }

  List<TreeFile.Node> nodes() {
    return tree.nodes();
  }

  /** Everything below a directory, in path order; the directory itself is not in it. */
  public List<RelativePath> below(RelativePath directory) {
    if (!directory.isRoot() && tree.node(directory).isEmpty()) {
      return List.of();
    }
    // Byte order puts "a-b" between "a" and "a/b", so the range is looked for by its prefix.
    RelativePath first =
        directory.isRoot()
            ? directory
            : directory.resolve(dev.tars.runner.model.Bytes.of(new byte[] {1}));
    int start = directory.isRoot() ? 0 : tree.search(first);
    start = start < 0 ? -start - 1 : start;
    int end = start;
    while (end < tree.nodes().size() && directory.contains(tree.nodes().get(end).path())) {
      end++;
    }
    return tree.nodes().subList(start, end).stream().map(TreeFile.Node::path).toList();
  }

  /** Opens a file of the baseline for reading. */
  Disk.DiskFile open(RelativePath path) {
    try (Disk.Dir root = disk.open(place.holder(path));
        Disk.Dir dir = disk.open(root, path.parent())) {
      return disk.open(dir, path.name(), Disk.OpenMode.READ);
    }
  }

  /**
   * All of a file of the baseline.
   *
   * @throws RunnerException RESOURCE_LIMIT if it is longer than {@code maxBytes}
   */
  public byte[] read(RelativePath path, long maxBytes) {
    try (Disk.DiskFile file = open(path)) {
      return BoundedReads.readAll(disk, file, maxBytes);
    }
  }

  static RunnerException gone(Digest digest) {
    return RunnerException.of(
            FailureCode.STALE, "the baseline " + digest.brief() + " is no longer in the store")
        .help("run the improvement again");
  }
}
