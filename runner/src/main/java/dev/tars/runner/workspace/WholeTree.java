package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Copies a whole workspace. A file that is the same as in the previous tree, at the same path, is a
 * hard link to it.
 */
record WholeTree(
    Disk disk, TreeBuilder builder, TreeFile tree, Disk.Dir source, Optional<Baseline> previous)
    implements TreeBuilder.Filler {

  @Override
  public boolean fill(Disk.Dir home, Disk.Dir root) {
    Map<Path, OpenDirectory> old = new HashMap<>();
    try (OpenDirectory from = new OpenDirectory(disk, disk.open(source, RelativePath.ROOT));
        OpenDirectory to = new OpenDirectory(disk, disk.open(root, RelativePath.ROOT))) {
      for (TreeFile.Node node : tree.nodes()) {
        Disk.Dir in = to.of(node.path());
        if (!linked(node, old, in) && !builder.copy(node, from, in)) {
          return false;
        }
      }
      for (TreeFile.Node node : tree.nodes().reversed()) {
        if (node.entry() instanceof TreeEntry.Directory directory) {
          builder.finish(node, directory, to.of(node.path()));
        }
      }
      return true;
    } finally {
      old.values().forEach(OpenDirectory::close);
    }
  }

  private boolean linked(TreeFile.Node node, Map<Path, OpenDirectory> old, Disk.Dir to) {
    boolean same =
        node.entry() instanceof TreeEntry.RegularFile
            && previous.flatMap(p -> p.node(node.path())).filter(node::isSameFile).isPresent();
    if (!same) {
      return false;
    }
    Path holder = previous.orElseThrow().place().holder(node.path());
    OpenDirectory from = old.computeIfAbsent(holder, path -> new OpenDirectory(disk, path));
    return builder.link(node.path(), from.of(node.path()), to);
  }
}
