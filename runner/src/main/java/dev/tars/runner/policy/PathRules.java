package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;

/** The part of a policy that decides what is copied in and what is thrown away. */
public interface PathRules {

  /** True if a rule hides this very path; what is below it is then hidden too. */
  boolean hides(RelativePath path);

  /**
   * True if this path, which {@link #hides} does not hide, is hidden because it is no directory:
   * what only leads to something readable is not readable itself.
   */
  default boolean hidesFile(RelativePath path) {
    return false;
  }

  /** True if a rule makes this very path scratch; what is below it is then scratch too. */
  boolean scratches(RelativePath path);

  /** True if the path, or a directory it is in, is not copied into the box. */
  default boolean hidden(RelativePath path) {
    for (RelativePath at = path; !at.isRoot(); at = at.parent()) {
      if (hides(at)) {
        return true;
      }
    }
    return false;
  }

  /** True if the path, or a directory it is in, is writable in the box and dropped afterwards. */
  default boolean scratch(RelativePath path) {
    for (RelativePath at = path; !at.isRoot(); at = at.parent()) {
      if (scratches(at)) {
        return true;
      }
    }
    return false;
  }
}
