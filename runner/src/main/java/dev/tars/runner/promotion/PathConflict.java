package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/**
 * A path that a transaction cannot be done on.
 *
 * @param expected the entry that was verified
 * @param found the entry that stands there
 * @param wanted the entry that the transaction would leave
 * @param remedy present if running the improvement again does not help before somebody does this
 */
public record PathConflict(
    RelativePath path,
    Optional<TreeEntry> expected,
    Optional<TreeEntry> found,
    Optional<TreeEntry> wanted,
    String why,
    Optional<String> remedy) {

  /** A path on which something else stands than was verified. */
  public PathConflict(
      RelativePath path,
      Optional<TreeEntry> expected,
      Optional<TreeEntry> found,
      Optional<TreeEntry> wanted,
      String why) {
    this(path, expected, found, wanted, why, Optional.empty());
  }

  /** A path that no transaction can be done on, whatever was verified. */
  static PathConflict obstacle(RelativePath path, String why, String remedy) {
    return new PathConflict(
        path, Optional.empty(), Optional.empty(), Optional.empty(), why, Optional.of(remedy));
  }

  /** A path outside the change that differs from what was verified. */
  public static PathConflict drift(
      RelativePath path, Optional<TreeEntry> expected, Optional<TreeEntry> found) {
    return new PathConflict(path, expected, found, expected, "it changed since the run");
  }

  /** One line for people. */
  public String line() {
    return path
        + ": "
        + why
        + remedy
            .map(r -> "; " + r)
            .orElseGet(() ->
                " (expected "
                    + show(expected)
                    + ", found "
                    + show(found)
                    + (wanted.equals(expected) ? "" : ", wanted " + show(wanted))
                    + ")");
  }

  static String show(Optional<TreeEntry> entry) {
    if (entry.isEmpty()) {
      return "nothing";
    }
    return switch (entry.get()) {
      case TreeEntry.RegularFile f ->
          "file " + f.content().brief() + " mode " + Integer.toOctalString(f.mode());
      case TreeEntry.Directory d -> "directory mode " + Integer.toOctalString(d.mode());
      case TreeEntry.Symlink l -> "link to " + l.target();
    };
  }
}
