package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Captures workspaces as baselines. The stat index of a workspace makes a later capture read only
 * what changed.
 */
public final class Baselines {
  private static final Bytes INDEX = Bytes.utf8("index");
  private static final int ATTEMPTS = 3;

  private final StoreLayout layout;
  private final Disk disk;
  private final String bootId;
  private final TreeStore trees;

  public Baselines(StoreLayout layout) {
    this.layout = layout;
    this.disk = layout.disk();
    this.bootId = BootId.current();
    this.trees = new TreeStore(layout, bootId);
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
      boolean stored = trees.find(tree.tree()).isPresent();
      boolean indexed =
          scan.hashedFiles() == 0 && last.filter(t -> t.tree().equals(tree.tree())).isPresent();
      byte[] list = stored && indexed ? new byte[0] : tree.toBytes();
      if (!stored) {
        TreeBuilder builder = new TreeBuilder(disk, uid, gid, begin);
        if (!builder.build(layout.trees(), tree, list, filler(builder, root, tree, last))) {
          return Optional.empty();
        }
      }
      if (!indexed) {
        try (Disk.Dir dir = disk.open(workspace.path())) {
          AtomicFile.publish(disk, dir, INDEX, list);
        }
      }
      TreeStore.Place place = trees.find(tree.tree()).orElseThrow(() -> Baseline.gone(tree.tree()));
      return Optional.of(new Baseline(disk, place, tree, scan.skipped()));
    }
  }

  /** What the last tree of this workspace does not have, if that is little; else everything. */
  private TreeBuilder.Filler filler(
      TreeBuilder builder, Disk.Dir root, TreeFile tree, Optional<TreeFile> last) {
    Optional<Baseline> previous = last.flatMap(t -> trees.open(t.tree()));
    return previous
        .flatMap(p -> DeltaTree.plan(builder, root, tree, p))
        .map(TreeBuilder.Filler.class::cast)
        .orElseGet(() -> new WholeTree(disk, builder, tree, root, previous));
  }

  /** Which paths of a workspace count as drift. */
  public enum DriftScope {
    /** Those that the ignore files of the baseline do not name. */
    NOT_IGNORED,
    /** All that a baseline would have. */
    EVERYTHING
  }

  /**
   * The paths on which the workspace differs from a baseline now, in path order.
   *
   * @throws RunnerException STALE if the baseline is gone
   */
  public List<TreeDifference> drift(
      WorkspaceDir workspace, Digest digest, PathRules rules, DriftScope scope) {
    TreeFile then = trees.list(digest).orElseThrow(() -> Baseline.gone(digest));
    try (Disk.Dir root = disk.open(workspace.root())) {
      FileStat rootStat = disk.stat(root);
      requireSame(workspace, rootStat);
      WorkspaceScan scan = new WorkspaceScan(disk, rules, rootStat, load(workspace.path(), INDEX));
      scan.walk(root);
      List<TreeDifference> found = TreeDiff.of(then.nodes(), scan.nodes());
      if (scope == DriftScope.EVERYTHING || found.isEmpty()) {
        return found;
      }
      IgnoreRules ignored = new IgnoreRules(open(digest));
      return found.stream().filter(d -> !ignored.isIgnored(d.path(), isDirectory(d))).toList();
    }
  }

  private static boolean isDirectory(TreeDifference difference) {
    return difference.after().or(difference::before).orElseThrow() instanceof TreeEntry.Directory;
  }

  /** True if the path is scratch in the workspace as it is now: no box gets what it holds. */
  public static boolean isScratch(Disk disk, Path workspace, PathRules rules, RelativePath path) {
    if (path.isRoot()) {
      return false;
    }
    try (Disk.Dir root = disk.open(workspace)) {
      ScratchRules scratch = new ScratchRules(rules, new SourceEvidence(disk, root)::isSource);
      for (RelativePath at = path.parent(); !at.isRoot(); at = at.parent()) {
        if (scratch.takesDirectory(at)) {
          return true;
        }
      }
      return scratch.takes(path);
    }
  }

  /**
   * Opens a baseline that was captured before.
   *
   * @throws RunnerException STALE if it is gone
   */
  public Baseline open(Digest digest) {
    return trees.open(digest).orElseThrow(() -> Baseline.gone(digest));
  }

  /** The tree that a workspace was at its last capture; the next one is made from it. */
  public Optional<Digest> last(WorkspaceDir workspace) {
    return load(workspace.path(), INDEX).map(TreeFile::tree);
  }

  /** Baselines that nobody needs and that are older than {@code cutoffNanos}. */
  public List<Digest> unneeded(Set<Digest> keep, long cutoffNanos) {
    return trees.unneeded(keep, cutoffNanos);
  }

  /** Removes a baseline; it is made again when it is needed. */
  public void remove(Digest tree) {
    trees.remove(tree);
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
}
