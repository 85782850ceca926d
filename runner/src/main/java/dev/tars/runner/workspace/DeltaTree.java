package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.FileKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Stores a tree as what differs from a base that is stored whole, in the form of an overlay layer:
 * the cost is that of the changes, not of the workspace.
 *
 * @param changed paths on which the workspace differs from the previous tree
 */
record DeltaTree(
    Disk disk,
    TreeBuilder builder,
    TreeFile tree,
    Disk.Dir source,
    TreeStore.Place previous,
    Set<RelativePath> changed)
    implements TreeBuilder.Filler {
  /** Above this part of a tree a whole new copy is cheaper to use, and soon to make. */
  private static final int PART = 8;

  private static final int ALWAYS = 256;

  /** The paths of the delta, or empty if a whole tree should be stored instead. */
  static Optional<DeltaTree> plan(
      TreeBuilder builder, Disk.Dir source, TreeFile tree, Baseline previous) {
    Set<RelativePath> changed = new HashSet<>(TreeDiff.stored(previous.nodes(), tree.nodes()));
    DeltaTree delta =
        new DeltaTree(builder.disk(), builder, tree, source, previous.place(), changed);
    int size = delta.paths().size();
    return size <= Math.max(ALWAYS, tree.nodes().size() / PART)
        ? Optional.of(delta)
        : Optional.empty();
  }

  private List<RelativePath> paths() {
    TreeSet<RelativePath> paths = new TreeSet<>(changed);
    previous.delta().ifPresent(d -> paths.addAll(d.paths()));
    return new ArrayList<>(paths);
  }

  @Override
  public boolean fill(Disk.Dir home, Disk.Dir root) {
    List<RelativePath> paths = paths();
    Set<RelativePath> made = new HashSet<>();
    made.add(RelativePath.ROOT);
    TreeSet<RelativePath> directories = new TreeSet<>();
    try (OpenDirectory from = new OpenDirectory(disk, disk.open(source, RelativePath.ROOT));
        OpenDirectory old = new OpenDirectory(disk, previous.root());
        OpenDirectory base = new OpenDirectory(disk, previous.lowers().getLast());
        OpenDirectory to = new OpenDirectory(disk, disk.open(root, RelativePath.ROOT))) {
      for (RelativePath path : paths) {
        Optional<TreeFile.Node> node = tree.node(path);
        if (node.isPresent()) {
          makeParents(path, to, made, directories);
          if (node.get().entry() instanceof TreeEntry.Directory) {
            makeDirectory(node.get(), to, made, directories);
          } else if (!make(node.get(), from, old, to)) {
            return false;
          }
        } else if (isDirectory(path.parent()) && stands(base, path)) {
          makeParents(path, to, made, directories);
          disk.whiteout(to.of(path), path.name());
        }
      }
      for (RelativePath path : directories.descendingSet()) {
        TreeFile.Node node = tree.node(path).orElseThrow();
        builder.finish(node, (TreeEntry.Directory) node.entry(), to.of(path));
      }
    }
    Delta delta = Delta.of(previous.delta().map(Delta::base).orElse(previous.digest()), paths);
    AtomicFile.publish(disk, home, TreeStore.DELTA, delta.toBytes());
    return true;
  }

  private boolean make(
      TreeFile.Node node, OpenDirectory from, OpenDirectory old, OpenDirectory to) {
    boolean inOld =
        node.entry() instanceof TreeEntry.RegularFile
            && !changed.contains(node.path())
            && previous.delta().isPresent();
    Disk.Dir in = to.of(node.path());
    return (inOld && builder.link(node.path(), old.of(node.path()), in))
        || builder.copy(node, from, in);
  }

  private void makeParents(
      RelativePath path, OpenDirectory to, Set<RelativePath> made, Set<RelativePath> directories) {
    RelativePath at = RelativePath.ROOT;
    for (Bytes name : path.parent().components()) {
      at = at.resolve(name);
      makeDirectory(tree.node(at).orElseThrow(), to, made, directories);
    }
  }

  private void makeDirectory(
      TreeFile.Node node, OpenDirectory to, Set<RelativePath> made, Set<RelativePath> directories) {
    if (made.add(node.path())) {
      directories.add(node.path());
      // A directory is made, never read: the source is only asked for files.
      if (!builder.copy(node, to, to.of(node.path()))) {
        throw new IllegalStateException("a directory is always made");
      }
    }
  }

  private boolean isDirectory(RelativePath path) {
    return path.isRoot()
        || tree.node(path).filter(n -> n.entry() instanceof TreeEntry.Directory).isPresent();
  }

  /** True if the base has something at the path that must be covered. */
  private boolean stands(OpenDirectory base, RelativePath path) {
    try {
      return disk.stat(base.of(path), path.name())
          .filter(s -> s.kind() != FileKind.UNKNOWN)
          .isPresent();
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR || e.errno() == Errno.ELOOP) {
        return false;
      }
      throw e;
    }
  }
}
