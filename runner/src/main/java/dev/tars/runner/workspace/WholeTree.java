package dev.tars.runner.workspace;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
    List<TreeFile.Node> files = new ArrayList<>();
    try (OpenDirectory from = new OpenDirectory(disk, disk.open(source, RelativePath.ROOT));
        OpenDirectory to = new OpenDirectory(disk, disk.open(root, RelativePath.ROOT))) {
      for (TreeFile.Node node : tree.nodes()) {
        if (node.entry() instanceof TreeEntry.RegularFile) {
          files.add(node);
        } else if (!builder.copy(node, from, to.of(node.path()))) {
          return false;
        }
      }
      if (!FileWork.all(files.size(), () -> new Copier(files, root))) {
        return false;
      }
      for (TreeFile.Node node : tree.nodes().reversed()) {
        if (node.entry() instanceof TreeEntry.Directory directory) {
          builder.finish(node, directory, to.of(node.path()));
        }
      }
      return true;
    }
  }

  /** Makes files in directories that are there; each thread has one of its own. */
  private final class Copier implements FileWork.Worker {
    private final List<TreeFile.Node> files;
    private final TreeBuilder own = builder.forAnotherThread();
    private final OpenDirectory from;
    private final OpenDirectory to;
    private final Map<Path, OpenDirectory> old = new HashMap<>();

    Copier(List<TreeFile.Node> files, Disk.Dir root) {
      this.files = files;
      this.from = new OpenDirectory(disk, disk.open(source, RelativePath.ROOT));
      this.to = new OpenDirectory(disk, disk.open(root, RelativePath.ROOT));
    }

    @Override
    public boolean item(int number) {
      TreeFile.Node node = files.get(number);
      Disk.Dir in = to.of(node.path());
      return linked(node, old, in) || own.copy(node, from, in);
    }

    @Override
    public void close() {
      old.values().forEach(OpenDirectory::close);
      to.close();
      from.close();
    }
  }

  private boolean linked(TreeFile.Node node, Map<Path, OpenDirectory> old, Disk.Dir to) {
    boolean same = previous.flatMap(p -> p.node(node.path())).filter(node::isSameFile).isPresent();
    if (!same) {
      return false;
    }
    Path holder = previous.orElseThrow().place().holder(node.path());
    OpenDirectory from = old.computeIfAbsent(holder, path -> new OpenDirectory(disk, path));
    return builder.link(node.path(), from.of(node.path()), to);
  }
}
