package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies hunks exactly: every context and removed line must be there, byte by byte. A hunk whose
 * lines stand elsewhere, at exactly one place after the hunk before it, is applied there; there is
 * no fuzz.
 */
final class HunkApplier {
  private HunkApplier() {}

  static Bytes apply(Bytes content, FilePatch patch, Edits.Place place) {
    if (patch.binary().isPresent()) {
      return BinaryContent.apply(patch, content, place);
    }
    List<Bytes> lines = split(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length() + 256);
    int done = 0;
    int moved = 0;
    for (int number = 0; number < patch.hunks().size(); number++) {
      FilePatch.Hunk hunk = patch.hunks().get(number);
      List<Bytes> old = side(hunk, '+');
      int stated = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
      requireConsistent(hunk, moved, number + 1, place);
      moved += hunk.newCount() - hunk.oldCount();
      int at = locate(lines, new Wanted(old, stated, bounds(hunk)), done);
      if (at < 0) {
        throw noMatch(lines, hunk, old, stated, number + 1, place);
      }
      write(lines.subList(done, at), out);
      write(side(hunk, '-'), out);
      done = at + old.size();
    }
    write(lines.subList(done, lines.size()), out);
    return Bytes.of(out.toByteArray());
  }

  /** Lines that a hunk takes, and where it says that they are. */
  private record Wanted(List<Bytes> lines, int stated, Bounds bounds) {}

  /** Whether they must begin the file, and whether they must end it. */
  private record Bounds(boolean first, boolean last) {}

  /**
   * As git has it: a hunk for line 1 is for the beginning, one without context after it for the
   * end.
   */
  private static Bounds bounds(FilePatch.Hunk hunk) {
    return new Bounds(hunk.oldStart() <= 1, hunk.lines().getLast().sign() != ' ');
  }

  /** The numbers of a hunk for the file afterwards follow from those before; else it was edited. */
  private static void requireConsistent(
      FilePatch.Hunk hunk, int moved, int number, Edits.Place place) {
    int before = hunk.oldCount() == 0 ? hunk.oldStart() + 1 : hunk.oldStart();
    int after = hunk.newCount() == 0 ? hunk.newStart() + 1 : hunk.newStart();
    if (before + moved != after) {
      throw RunnerException.of(
              FailureCode.PATCH_INVALID,
              "the line numbers of hunk " + number + " contradict each other (" + place + ")")
          .at(place.at())
          .note("line " + before + " before is line " + (before + moved) + " after, not " + after)
          .note("nothing was changed")
          .help("make the patch again");
    }
  }

  private static int locate(List<Bytes> lines, Wanted wanted, int from) {
    if (wanted.stated() >= from && matches(lines, wanted, wanted.stated())) {
      return wanted.stated();
    }
    if (wanted.lines().isEmpty()) {
      return -1; // nothing to be found by
    }
    int found = -1;
    for (int at = 0; at + wanted.lines().size() <= lines.size(); at++) {
      if (matches(lines, wanted, at)) {
        if (found >= 0 || at < from) {
          return -1; // two places, or one that was passed: which is meant is not ours to guess
        }
        found = at;
      }
    }
    return found;
  }

  private static boolean matches(List<Bytes> lines, Wanted wanted, int at) {
    List<Bytes> old = wanted.lines();
    if (at < 0
        || at + old.size() > lines.size()
        || (wanted.bounds().first() && at > 0)
        || (wanted.bounds().last() && at + old.size() < lines.size())) {
      return false;
    }
    for (int i = 0; i < old.size(); i++) {
      if (!lines.get(at + i).equals(old.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Bytes> side(FilePatch.Hunk hunk, char without) {
    List<Bytes> side = new ArrayList<>();
    for (FilePatch.Line line : hunk.lines()) {
      if (line.sign() != without) {
        side.add(line.text());
      }
    }
    return side;
  }

  private static RunnerException noMatch(
      List<Bytes> lines,
      FilePatch.Hunk hunk,
      List<Bytes> old,
      int stated,
      int number,
      Edits.Place place) {
    RunnerException.Builder error =
        RunnerException.of(
                FailureCode.EDIT_NOMATCH,
                "hunk " + number + " of the patch does not match the file (" + place + ")")
            .at(place.at())
            .note("it is for line " + hunk.oldStart() + " of " + place.file());
    for (int i = 0; i < old.size(); i++) {
      int at = stated + i;
      if (at < 0 || at >= lines.size()) {
        error.note("the file has only " + lines.size() + " lines");
        break;
      }
      if (!lines.get(at).equals(old.get(i))) {
        error.note("line " + (at + 1) + " is:     " + shown(lines.get(at)));
        error.note("the patch has: " + shown(old.get(i)));
        break;
      }
    }
    return error
        .note("nothing was changed")
        .help("make the patch again for the workspace as it is");
  }

  private static String shown(Bytes line) {
    String text = line.lossyText();
    return Escape.line(
        text.endsWith("\n") ? text.substring(0, text.length() - 1) : text + " (no line end)");
  }

  private static void write(List<Bytes> lines, ByteArrayOutputStream out) {
    for (Bytes line : lines) {
      byte[] bytes = line.toArray();
      out.write(bytes, 0, bytes.length);
    }
  }

  private static List<Bytes> split(Bytes content) {
    List<Bytes> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < content.length(); i++) {
      if (content.at(i) == '\n') {
        lines.add(content.slice(start, i + 1));
        start = i + 1;
      }
    }
    if (start < content.length()) {
      lines.add(content.slice(start, content.length()));
    }
    return lines;
  }
}
