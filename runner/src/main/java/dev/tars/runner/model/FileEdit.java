package dev.tars.runner.model;

import java.util.List;

/**
 * One edit of one file, as a plan asks for it. The edits of a step apply in order to one in-memory
 * copy; bytes outside an edit are kept.
 */
public sealed interface FileEdit {

  /** The whole content, replacing what was there. */
  record Content(Bytes bytes) implements FileEdit {}

  /** A unified diff of this one file, text or git binary, as raw bytes. */
  record Patch(Bytes diff) implements FileEdit {}

  /** Every occurrence of {@code find} becomes {@code with}; there must be exactly that many. */
  record Replace(String find, String with, int occurrences) implements FileEdit {}

  /** Text before or after an anchor that must occur exactly once. */
  record Insert(String anchor, boolean before, String text) implements FileEdit {}

  /** RFC 6902 operations, each as its JSON text. */
  record JsonPatch(List<String> operations) implements FileEdit {
    public JsonPatch {
      operations = List.copyOf(operations);
    }
  }

  record Append(String text) implements FileEdit {}

  record Prepend(String text) implements FileEdit {}

  /** Permission bits, 0 to 0777. */
  record Mode(int mode) implements FileEdit {}

  /** The file goes to another path of the workspace; must be the only edit but for later ones. */
  record Move(RelativePath to) implements FileEdit {}

  /** The path becomes a symbolic link with this target. */
  record Symlink(Bytes target) implements FileEdit {}
}
