package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Captures workspaces as baselines: {@code trees/<digest>/root} and beside it {@code tree}, the
 * list of its entries. The stat index of a workspace makes a later capture read only what changed.
 */
public final class Baselines {
  private static final Bytes INDEX = Bytes.utf8("index");
  private static final Bytes TREE = Bytes.utf8("tree");
  private static final Bytes ROOT = Bytes.utf8("root");
  private static final int ATTEMPTS = 3;

  private final StoreLayout layout;
  private final Disk disk;
  private final String bootId;

  public Baselines(StoreLayout layout) {
    this.layout = layout;
    this.disk = layout.disk();
    this.bootId = BootId.current();
  }

  /**
   * Captures what a workspace holds now.
   *
   * @param uid owner of the copy, who is the user in the box
   * @throws RunnerException WORKSPACE_UNREADABLE, or STALE if it changes faster than it is copied
   */
  public Baseline capture(WorkspaceDir workspace, PathRules rules, int uid, int gid) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<Baseline> baseline = tryCapture(workspace, rules, uid, gid);
      if (baseline.isPresent()) {
        return baseline.get();
      }
    }
    throw RunnerException.of(
            FailureCode.STALE, "the workspace changes faster than it can be copied")
        .at(dev.tars.runner.model.Escape.line(workspace.root().toString()))
        .help("stop what writes to it, then run again");
  }

  private Optional<Baseline> tryCapture(WorkspaceDir workspace, PathRules rules, int uid, int gid) {
    try (Disk.Dir root = disk.open(workspace.root())) {
      FileStat rootStat = disk.stat(root);
      requireSame(workspace, rootStat);
      Optional<TreeFile> last = load(workspace.path(), INDEX);
      long begin = System.currentTimeMillis() * 1_000_000L;
      WorkspaceScan scan = new WorkspaceScan(disk, rules, rootStat, last);
      scan.walk(root);
      TreeFile tree =
          new TreeFile(
              bootId, Trees.digest(scan.nodes()), begin, rootStat.permissions(), scan.nodes());
      Path home = layout.trees().resolve(tree.tree().hex());
      if (open(home, tree.tree()).isEmpty()) {
        TreeBuilder builder = new TreeBuilder(disk, uid, gid);
        Optional<Baseline> previous = last.flatMap(t -> openTree(t.tree()));
        if (!builder.build(root, tree, layout.trees(), previous)) {
          return Optional.empty();
        }
      }
      boolean indexIsCurrent =
          scan.hashedFiles() == 0 && last.map(t -> t.tree().equals(tree.tree())).orElse(false);
      if (!indexIsCurrent) {
        try (Disk.Dir dir = disk.open(workspace.path())) {
          AtomicFile.publish(disk, dir, INDEX, tree.toBytes());
        }
      }
      return Optional.of(new Baseline(disk, home.resolve("root"), tree, scan.skipped()));
    }
  }

  /** The paths on which the workspace differs from a baseline now, in path order. */
  public List<RelativePath> drift(WorkspaceDir workspace, Baseline baseline, PathRules rules) {
    try (Disk.Dir root = disk.open(workspace.root())) {
      FileStat rootStat = disk.stat(root);
      requireSame(workspace, rootStat);
      WorkspaceScan scan = new WorkspaceScan(disk, rules, rootStat, load(workspace.path(), INDEX));
      scan.walk(root);
      return TreeDiff.paths(baseline.nodes(), scan.nodes());
    }
  }

  /**
   * Opens a baseline that was captured before.
   *
   * @throws RunnerException STALE if it is gone
   */
  public Baseline open(Digest digest) {
    return openTree(digest).orElseThrow(() -> Baseline.gone(digest));
  }

  private Optional<Baseline> openTree(Digest digest) {
    Path home = layout.trees().resolve(digest.hex());
    return open(home, digest)
        .map(tree -> new Baseline(disk, home.resolve("root"), tree, new ArrayList<>()));
  }

  /** A tree of an earlier boot may be torn by a power cut: it is removed and made again. */
  private Optional<TreeFile> open(Path home, Digest digest) {
    Optional<TreeFile> tree = load(home, TREE).filter(t -> t.tree().equals(digest));
    if (tree.isEmpty() && home.toFile().exists()) {
      try (Disk.Dir trees = disk.open(layout.trees())) {
        Directories.remove(disk, trees, Bytes.utf8(digest.hex()));
      }
    }
    return tree;
  }

  private Optional<TreeFile> load(Path directory, Bytes name) {
    try (Disk.Dir dir = disk.open(directory)) {
      TreeFile tree = TreeFile.parse(AtomicFile.read(disk, dir, name));
      return Optional.of(tree).filter(t -> t.bootId().equals(bootId));
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    } catch (IllegalArgumentException damaged) {
      return Optional.empty(); // an index only saves time: without it everything is read
    }
  }

  private static void requireSame(WorkspaceDir workspace, FileStat now) {
    if (!workspace.rootStat().sameFile(now)) {
      throw RunnerException.of(
              FailureCode.STALE, "the workspace is not the directory it was when the run began")
          .at(dev.tars.runner.model.Escape.line(workspace.root().toString()))
          .help("find out who replaced it, then run again");
    }
  }

  static Bytes rootName() {
    return ROOT;
  }

  static Bytes treeName() {
    return TREE;
  }
}
