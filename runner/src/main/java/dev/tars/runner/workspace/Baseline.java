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
  private final Path lower;
  private final TreeFile tree;
  private final List<SkippedPath> skipped;

  Baseline(Disk disk, Path lower, TreeFile tree, List<SkippedPath> skipped) {
    this.disk = disk;
    this.lower = lower;
    this.tree = tree;
    this.skipped = List.copyOf(skipped);
  }

  public Digest digest() {
    return tree.tree();
  }

  /** The directory that an overlay takes as its lower layer. */
  public Path lower() {
    return lower;
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
    int at = index(path);
    return at >= 0 ? Optional.of(tree.nodes().get(at).entry()) : Optional.empty();
  }

  /** What the capture saw of the file at {@code path}, for quick comparison with the workspace. */
  Optional<TreeFile.Node> node(RelativePath path) {
    int at = index(path);
    return at >= 0 ? Optional.of(tree.nodes().get(at)) : Optional.empty();
  }

  List<TreeFile.Node> nodes() {
    return tree.nodes();
  }

  /** Everything below a directory, in path order; the directory itself is not in it. */
  public List<RelativePath> below(RelativePath directory) {
    int at = directory.isRoot() ? -1 : index(directory);
    if (at < 0 && !directory.isRoot()) {
      return List.of();
    }
    // Byte order puts "a-b" between "a" and "a/b", so the range is looked for by its prefix.
    RelativePath first =
        directory.isRoot()
            ? directory
            : directory.resolve(dev.tars.runner.model.Bytes.of(new byte[] {1}));
    int start = directory.isRoot() ? 0 : search(first);
    start = start < 0 ? -start - 1 : start;
    int end = start;
    while (end < tree.nodes().size() && directory.contains(tree.nodes().get(end).path())) {
      end++;
    }
    return tree.nodes().subList(start, end).stream().map(TreeFile.Node::path).toList();
  }

  /** Opens a file of the baseline for reading. */
  Disk.DiskFile open(RelativePath path) {
    try (Disk.Dir root = disk.open(lower);
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
      return Contents.readAll(disk, file, maxBytes);
    }
  }

  private int index(RelativePath path) {
    int at = search(path);
    return at >= 0 ? at : -1;
  }

  private int search(RelativePath path) {
    int low = 0;
    int high = tree.nodes().size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = tree.nodes().get(middle).path().compareTo(path);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }

  static RunnerException gone(Digest digest) {
    return RunnerException.of(
            FailureCode.STALE, "the baseline " + digest.brief() + " is no longer in the store")
        .help("run the improvement again");
  }
}
