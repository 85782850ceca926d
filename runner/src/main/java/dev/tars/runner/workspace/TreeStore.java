package dev.tars.runner.workspace;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.store.AtomicFile;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.Sharing;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stored trees: {@code trees/<digest>/root} and beside it {@code tree}, the list of its
 * entries, and {@code delta} if {@code root} holds only what differs from another tree.
 */
final class TreeStore {
  static final Bytes TREE = Bytes.utf8("tree");
  static final Bytes ROOT = Bytes.utf8("root");
  static final Bytes DELTA = Bytes.utf8("delta");

  private final StoreLayout layout;
  private final Disk disk;
  private final String bootId;

  TreeStore(StoreLayout layout, String bootId) {
    this.layout = layout;
    this.disk = layout.disk();
    this.bootId = bootId;
  }

  /** Where the content of a tree is: its own directory, over the one of its base if it has one. */
  record Place(Digest digest, Path root, Optional<Delta> delta, Optional<Path> base) {
    /** The lower directories of an overlay, topmost first. */
    List<Path> lowers() {
      return base.map(b -> List.of(root, b)).orElseGet(() -> List.of(root));
    }

    /** The directory that holds what the tree has at {@code path}. */
    Path holder(RelativePath path) {
      boolean below = delta.isPresent() && !delta.get().index().contains(path);
      return below ? base.orElseThrow() : root;
    }
  }

  Path home(Digest digest) {
    return layout.trees().resolve(digest.hex());
  }

  /** Where a tree is, if it is stored and believed. */
  Optional<Place> find(Digest digest) {
    Optional<byte[]> tree = read(digest, TREE);
    if (tree.isEmpty() || !believed(digest, tree.get())) {
      remove(digest);
      return Optional.empty();
    }
    return place(digest);
  }

  Optional<Baseline> open(Digest digest) {
    Optional<Place> place = find(digest);
    if (place.isEmpty()) {
      return Optional.empty();
    }
    try {
      TreeFile tree = TreeFile.parse(read(digest, TREE).orElseThrow());
      return Optional.of(new Baseline(disk, place.get(), tree, List.of()));
    } catch (IllegalArgumentException damaged) {
      remove(digest);
      return Optional.empty();
    }
  }

  /** The entries of a tree, whoever of those that share the state directory stored it. */
  Optional<TreeFile> list(Digest digest) {
    for (Path trees : layout.allTrees()) {
      try (Disk.Dir dir = disk.open(trees.resolve(digest.hex()))) {
        TreeFile tree = TreeFile.parse(AtomicFile.read(disk, dir, TREE));
        if (Trees.digest(tree.nodes()).equals(digest)) {
          return Optional.of(tree);
        }
      } catch (DiskException | IllegalArgumentException e) {
        // not there, or not what it should be: another one's may be
      }
    }
    return Optional.empty();
  }

  /** The list of a tree's entries as it is stored. */
  Optional<byte[]> read(Digest digest, Bytes name) {
    try (Disk.Dir dir = disk.open(home(digest))) {
      return Optional.of(AtomicFile.read(disk, dir, name));
    } catch (DiskException e) {
      if (e.errno() == Errno.ENOENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<Place> place(Digest digest) {
    Path root = home(digest).resolve("root");
    Optional<byte[]> stored = read(digest, DELTA);
    if (stored.isEmpty()) {
      return Optional.of(new Place(digest, root, Optional.empty(), Optional.empty()));
    }
    try {
      Delta delta = Delta.parse(stored.get());
      Optional<Place> base = find(delta.base());
      if (base.isPresent() && base.get().delta().isEmpty()) {
        return Optional.of(
            new Place(digest, root, Optional.of(delta), Optional.of(base.get().root())));
      }
    } catch (IllegalArgumentException damaged) {
      // as if it were not there: it is made again
    }
    remove(digest);
    return Optional.empty();
  }

  /** A tree of an earlier boot may be torn by a power cut, so it is read again, once. */
  private boolean believed(Digest digest, byte[] stored) {
    try {
      TreeFile.Header header = TreeFile.header(stored);
      if (!header.tree().equals(digest)) {
        return false;
      }
      return header.bootId().equals(bootId) || (read(digest, DELTA).isEmpty() && reread(digest));
    } catch (IllegalArgumentException damaged) {
      return false;
    }
  }

  private boolean reread(Digest digest) {
    try (Disk.Dir home = disk.open(home(digest));
        Disk.Dir root = disk.open(home, RelativePath.of(ROOT))) {
      var stat = disk.stat(root);
      WorkspaceScan scan = new WorkspaceScan(disk, new Everything(), stat, Optional.empty());
      scan.walk(root);
      if (!Trees.digest(scan.nodes()).equals(digest)) {
        return false;
      }
      TreeFile tree = new TreeFile(bootId, digest, 0, stat.permissions(), scan.nodes());
      try (Disk.Dir trees = disk.open(layout.trees())) {
        AtomicFile.publish(disk, home, TREE, tree.toBytes(), Sharing.readable(disk, trees));
      }
      return true;
    } catch (DiskException unreadable) {
      return false;
    }
  }

  /**
   * The trees that nobody needs: not kept, not the base of one that is, and older than {@code
   * cutoffNanos}.
   */
  List<Digest> unneeded(Set<Digest> keep, long cutoffNanos) {
    Set<Digest> needed = new HashSet<>(keep);
    for (Digest digest : keep) {
      try {
        read(digest, DELTA).map(Delta::parse).ifPresent(d -> needed.add(d.base()));
      } catch (IllegalArgumentException damaged) {
        // it is made again when it is opened
      }
    }
    try (Disk.Dir trees = disk.open(layout.trees())) {
      return disk.list(trees).stream()
          .map(Disk.DirEntry::name)
          .filter(n -> n.lossyText().matches("[0-9a-f]{64}"))
          .filter(n -> disk.stat(trees, n).filter(s -> s.changedNanos() < cutoffNanos).isPresent())
          .map(n -> new Digest(n.lossyText()))
          .filter(d -> !needed.contains(d))
          .toList();
    }
  }

  void remove(Digest digest) {
    if (home(digest).toFile().exists()) {
      try (Disk.Dir trees = disk.open(layout.trees())) {
        Directories.remove(disk, trees, Bytes.utf8(digest.hex()));
      }
    }
  }

  /** A stored tree has no rules any more: what they left out is not in it. */
  private static final class Everything implements PathRules {
    @Override
    public boolean hides(RelativePath path) {
      return false;
    }

    @Override
    public boolean scratches(RelativePath path) {
      return false;
    }
  }
}
