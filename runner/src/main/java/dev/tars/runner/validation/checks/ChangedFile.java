package dev.tars.runner.validation.checks;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One path of a change set with its bytes, read once and given to every check.
 *
 * @param before the old bytes, empty if there was no regular file
 * @param after the new bytes, empty if there is no regular file or it is too large to look into
 * @param added new lines; none if the file is not text
 */
record ChangedFile(
    Change change, Optional<byte[]> before, Optional<byte[]> after, List<AddedLine> added) {

  static ChangedFile of(Change change, Optional<byte[]> before, Optional<byte[]> after) {
    List<AddedLine> added =
        after
            .filter(ContentKind::isText)
            .map(now -> AddedLine.between(before.map(ChangedFile::text).orElse(""), text(now)))
            .orElse(List.of());
    return new ChangedFile(change, before, after, added);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  RelativePath path() {
    return change.path();
  }

  /** The path as text for comparing names: malformed bytes are replaced. */
  String pathText() {
    return path().bytes().lossyText();
  }

  /** Last component in lower case. */
  String name() {
    return path().name().lossyText().toLowerCase(Locale.ROOT);
  }

  /** What follows the last dot of the name in lower case, or the empty string. */
  String extension() {
    String name = name();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(dot + 1);
  }

  Optional<String> beforeText() {
    return before.map(ChangedFile::text);
  }

  Optional<String> afterText() {
    return after.filter(ContentKind::isText).map(ChangedFile::text);
  }

  boolean created() {
    return change.before().isEmpty();
  }

  boolean deleted() {
    return change.after().isEmpty();
  }

  boolean isFileAfter() {
    return change.after().orElse(null) instanceof TreeEntry.RegularFile;
  }
}
