package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FileStat;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Names that a file system may take for one: it ignores case, or composes characters. Whether it
 * does is a matter of each directory, so it is asked there, and only where two names come near.
 */
final class FoldedNames {
  private final Disk disk;
  private final HostTree tree;

  FoldedNames(Disk disk, HostTree tree) {
    this.disk = disk;
    this.tree = tree;
  }

  /** A new entry whose name is another entry's, in the eyes of its directory. */
  List<PathConflict> collisions(List<PathMove> moves) {
    List<PathConflict> found = new ArrayList<>();
    Map<RelativePath, RelativePath> seen = new HashMap<>();
    for (PathMove move : moves) {
      if (move.to().isEmpty() && move.from().isEmpty()) {
        continue;
      }
      RelativePath folded = folded(move.path());
      RelativePath other = seen.putIfAbsent(folded, move.path());
      if (other != null && folds(move.path().parent())) {
        found.add(
            PathConflict.obstacle(
                move.path(),
                "its file system takes it and " + other + " for one name",
                "rename one of them in the improvement"));
      }
    }
    return found;
  }

  private static RelativePath folded(RelativePath path) {
    return path.parent().resolve(folded(path.name()));
  }

  private static Bytes folded(Bytes name) {
    return Bytes.utf8(
        Normalizer.normalize(name.lossyText(), Normalizer.Form.NFKC)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT));
  }

  /** Asks with a name that is there, spelled in another way; the nearest directory answers. */
  private boolean folds(RelativePath directory) {
    for (RelativePath at = directory; ; at = at.parent()) {
      Optional<Disk.Dir> open =
          at.isRoot() ? Optional.empty() : tree.parent(at.resolve(Bytes.utf8("x")));
      if (at.isRoot() || open.isPresent()) {
        if (at.isRoot()) {
          return folds(tree.root());
        }
        try (Disk.Dir dir = open.get()) {
          return folds(dir);
        }
      }
    }
  }

  private boolean folds(Disk.Dir dir) {
    for (Disk.DirEntry entry : disk.list(dir)) {
      String text = entry.name().lossyText();
      for (String other :
          List.of(
              text.toUpperCase(Locale.ROOT),
              text.toLowerCase(Locale.ROOT),
              Normalizer.normalize(text, Normalizer.Form.NFD),
              Normalizer.normalize(text, Normalizer.Form.NFC))) {
        if (!other.equals(text) && Bytes.utf8(text).equals(entry.name())) {
          Optional<FileStat> mine = disk.stat(dir, entry.name());
          Optional<FileStat> its = disk.stat(dir, Bytes.utf8(other));
          if (mine.isPresent() && its.isPresent() && mine.get().sameFile(its.get())) {
            return mine.get().links() == 1 || isAlone(dir, other);
          }
        }
      }
    }
    return false;
  }

  private boolean isAlone(Disk.Dir dir, String other) {
    return disk.list(dir).stream().noneMatch(e -> e.name().equals(Bytes.utf8(other)));
  }
}
