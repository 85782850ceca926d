package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;

/**
 * A path that is decided about, taken apart once.
 *
 * @param foldedNames the one spelling of each name, see {@link Folding}
 */
record PathSubject(List<Bytes> names, List<Bytes> foldedNames) {
  static PathSubject of(RelativePath path) {
    List<Bytes> names = path.components();
    return new PathSubject(names, Folding.fold(names));
  }

  /** True if it is the one spelling of itself; most are. */
  boolean isFolded() {
    return names == foldedNames;
  }

  /** How many names it has; none is the root itself. */
  int depth() {
    return names.size();
  }

  /** The directory on the way to it that has so many names. */
  PathSubject upTo(int depth) {
    if (depth == depth()) {
      return this;
    }
    List<Bytes> some = names.subList(0, depth);
    return new PathSubject(some, isFolded() ? some : foldedNames.subList(0, depth));
  }
}
