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
 * @param binary the new content, if the patch is binary
 * @param raw the bytes of this file's part of the diff
 */
record FilePatch(
    Optional<Bytes> oldPath,
    Optional<Bytes> newPath,
    Optional<String> oldMode,
    Optional<String> newMode,
    List<Hunk> hunks,
    Optional<BinaryPatch> binary,
    boolean copy,
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

  /** {@code sign} is a space, '-' or '+'. */
  record Line(char sign, Bytes text) {}

  /** git's binary form: the deflated data of the forward direction. */
  record BinaryPatch(boolean delta, int length, Bytes deflated) {}
}
