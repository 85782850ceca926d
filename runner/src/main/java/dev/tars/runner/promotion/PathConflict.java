package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/** A path that is not as it must be: what was expected, what is there, what was wanted. */
public record PathConflict(
    RelativePath path,
    Optional<TreeEntry> expected,
    Optional<TreeEntry> found,
    Optional<TreeEntry> wanted,
    String why) {

  /** One line for people. */
  public String line() {
    return path
        + ": "
        + why
        + " (expected "
        + show(expected)
        + ", found "
        + show(found)
        + ", wanted "
        + show(wanted)
        + ")";
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
