package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/**
 * One path of a transaction: what must stand there, and what shall.
 *
 * @param original what the new entry had when it stood there before; empty for one that never did
 */
record PathMove(
    RelativePath path,
    Optional<TreeEntry> from,
    Optional<TreeEntry> to,
    Optional<Original> original) {

  /** The way back. */
  PathMove reversed(Optional<Original> before) {
    return new PathMove(path, to, from, before);
  }

  /** Both are something other than a directory: the new one is exchanged for the old one. */
  boolean replaces() {
    return from.isPresent() && to.isPresent() && !isDirectory(from) && !isDirectory(to);
  }

  boolean removesDirectory() {
    return isDirectory(from) && !isDirectory(to);
  }

  boolean makesDirectory() {
    return isDirectory(to) && !isDirectory(from);
  }

  /** Both are directories: only the mode changes. */
  boolean changesDirectory() {
    return isDirectory(from) && isDirectory(to);
  }

  static boolean isDirectory(Optional<TreeEntry> entry) {
    return entry.filter(TreeEntry.Directory.class::isInstance).isPresent();
  }
}
