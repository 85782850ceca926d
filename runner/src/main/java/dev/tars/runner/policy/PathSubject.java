package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;

/**
 * A path that is decided about, taken apart once.
 *
 * @param folded the one spelling of it, see {@link Folding}
 */
record PathSubject(
    RelativePath path, List<Bytes> names, RelativePath folded, List<Bytes> foldedNames) {
  static PathSubject of(RelativePath path) {
    List<Bytes> names = path.components();
    RelativePath folded = Folding.fold(path, names);
    return new PathSubject(path, names, folded, folded.equals(path) ? names : folded.components());
  }
}
