package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * One file of a unified diff.
 *
 * @param oldPath empty for a new file
 * @param newPath empty for a deleted file
 * @param oldMode as git writes it, for example {@code 100644}
 * @param ids names of the contents before and after, as git's {@code index} line has them
 * @param binary the new content, if the patch is binary
 * @param part which patch of a series it belongs to, from 0
 * @param raw the bytes of this file's part of the diff
 */
record FilePatch(
    Optional<Bytes> oldPath,
    Optional<Bytes> newPath,
    Optional<String> oldMode,
    Optional<String> newMode,
    Optional<Ids> ids,
    List<Hunk> hunks,
    Optional<BinaryPatch> binary,
    boolean copy,
    int part,
    Bytes raw) {
  FilePatch {
    hunks = List.copyOf(hunks);
  }

  /**
   * One hunk; each line carries its end, or none at the end of a file.
   *
   * @param oldStart from 1; 0 for an empty side
   */
  record Hunk(int oldStart, int oldCount, int newStart, int newCount, List<Line> lines) {
    Hunk {
      lines = List.copyOf(lines);
    }
  }

  /** Hexadecimal digits, often only the first of them. */
  record Ids(String before, String after) {}

  /** True if it could as well make the file as change an empty one: a plain diff does not say. */
  boolean mayCreate() {
    return oldPath().equals(newPath())
        && oldMode.isEmpty()
        && newMode.isEmpty()
        && hunks.size() == 1
        && hunks.getFirst().oldCount() == 0;
  }

  /** The same as one that makes the file. */
  FilePatch creating() {
    return new FilePatch(
        Optional.empty(), newPath, oldMode, newMode, ids, hunks, binary, copy, part, raw);
  }

  /** {@code sign} is a space, '-' or '+'. */
  record Line(char sign, Bytes text) {}

  /** git's binary form: the deflated data of the forward direction. */
  record BinaryPatch(boolean delta, int length, Bytes deflated) {}
}
