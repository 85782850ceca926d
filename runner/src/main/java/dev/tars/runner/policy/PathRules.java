package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;

/**
 * The part of a policy that decides what is copied in and what is thrown away. A directory is asked
 * about on its own: it stays, bare, where something below it is an exception.
 */
public interface PathRules {

  /** True if a rule hides this very path, which is no directory. */
  boolean hides(RelativePath path);

  /** True if a rule hides this very directory, and so everything below it. */
  default boolean hidesDirectory(RelativePath path) {
    return hides(path);
  }

  /**
   * True if a rule makes this very path, which is no directory, scratch. What is source by other
   * evidence, such as a tracked file, is kept by the one who reads a workspace all the same.
   */
  boolean scratches(RelativePath path);

  /** True if a rule makes this very directory scratch, and so everything below it. */
  default boolean scratchesDirectory(RelativePath path) {
    return scratches(path);
  }

  /** Told of each path of a workspace that is scratch and not copied, for a record of it. */
  default void leavesScratch(RelativePath path) {}

  /** True if the path, which is no directory, is not copied into the box. */
  default boolean hidden(RelativePath path) {
    if (!path.isRoot() && hides(path)) {
      return true;
    }
    for (RelativePath at = path; !at.isRoot(); at = at.parent()) {
      if (hidesDirectory(at)) {
        return true;
      }
    }
    return false;
  }

  /** True if the path, which is no directory, is writable in the box and dropped afterwards. */
  default boolean scratch(RelativePath path) {
    if (!path.isRoot() && scratches(path)) {
      return true;
    }
    for (RelativePath at = path; !at.isRoot(); at = at.parent()) {
      if (scratchesDirectory(at)) {
        return true;
      }
    }
    return false;
  }
}
