package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;

/**
 * A path that is decided about, taken apart once.
 *
 * @param foldedNames the one spelling of each name, see {@link Folding}
 * @param isFolded true if it is surely the one spelling of itself; most are
 */
record PathSubject(List<Bytes> names, List<Bytes> foldedNames, boolean isFolded) {
  static PathSubject of(RelativePath path) {
    List<Bytes> names = path.components();
    boolean folded = Folding.isPlain(names);
    return new PathSubject(names, folded ? names : Folding.fold(names), folded);
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
    return new PathSubject(some, isFolded ? some : foldedNames.subList(0, depth), isFolded);
  }
}
