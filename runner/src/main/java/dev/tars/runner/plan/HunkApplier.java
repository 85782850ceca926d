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
      return Bytes.of(BinaryReader.apply(patch.binary().get(), content.toArray()));
    }
    List<Bytes> lines = split(content);
    ByteArrayOutputStream out = new ByteArrayOutputStream(content.length() + 256);
    int done = 0;
    for (int number = 0; number < patch.hunks().size(); number++) {
      FilePatch.Hunk hunk = patch.hunks().get(number);
      List<Bytes> old = side(hunk, '+');
      int stated = hunk.oldCount() == 0 ? hunk.oldStart() : hunk.oldStart() - 1;
      int at = locate(lines, old, stated, done);
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

  private static int locate(List<Bytes> lines, List<Bytes> old, int stated, int from) {
    if (stated >= from && matches(lines, old, stated)) {
      return stated;
    }
    if (old.isEmpty()) {
      return -1; // nothing to be found by
    }
    int found = -1;
    for (int at = from; at + old.size() <= lines.size(); at++) {
      if (matches(lines, old, at)) {
        if (found >= 0) {
          return -1; // two places: which one is meant is not ours to guess
        }
        found = at;
      }
    }
    return found;
  }

  private static boolean matches(List<Bytes> lines, List<Bytes> old, int at) {
    if (at < 0 || at + old.size() > lines.size()) {
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
