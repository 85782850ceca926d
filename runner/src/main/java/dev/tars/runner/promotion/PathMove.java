package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/**
 * One path of a transaction: what must stand there, and what shall.
 *
 * @param modified modification time to give what shall stand there, nanoseconds; empty means now
 */
record PathMove(
    RelativePath path, Optional<TreeEntry> from, Optional<TreeEntry> to, Optional<Long> modified) {

  /** The way back. */
  PathMove reversed(Optional<Long> originalTime) {
    return new PathMove(path, to, from, originalTime);
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
