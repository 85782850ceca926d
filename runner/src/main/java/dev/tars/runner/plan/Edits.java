package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies the edits of one step to a file in memory. Pure; what no edit names is kept byte by byte.
 */
public final class Edits {
  private static final int NEW_FILE_MODE = 0644;

  /** A few texts of this size fit into the heap of the command line at once. */
  static final int MAX_TEXT = 16 << 20;

  private Edits() {}

  /**
   * What came out.
   *
   * @param movedTo where the file goes, if an edit moves it
   */
  public record Result(FileImage image, Optional<RelativePath> movedTo) {}

  /**
   * Applies edits in order.
   *
   * @param before empty for a file that is created
   * @throws RunnerException EDIT_NOMATCH, EDIT_CONFLICT or PATCH_INVALID; then nothing came out
   */
  public static Result apply(
      Optional<FileImage> before, List<StepAction.PlacedEdit> edits, RelativePath file) {
    FileImage image = before.orElseGet(() -> new FileImage.Regular(Bytes.utf8(""), NEW_FILE_MODE));
    Optional<RelativePath> moved = Optional.empty();
    for (int i = 0; i < edits.size(); i++) {
      Place place = new Place(file, edits.get(i).at(), i + 1, edits.size());
      if (edits.get(i).edit() instanceof FileEdit.Move move) {
        moved = Optional.of(move.to());
      } else {
        image = one(image, edits.get(i).edit(), place);
      }
    }
    return new Result(image, moved);
  }

  /** Which edit it is, for messages. */
  record Place(RelativePath file, SourcePosition at, int number, int count) {
    @Override
    public String toString() {
      return file + ", edit " + number + " of " + count;
    }
  }

  private static FileImage one(FileImage image, FileEdit edit, Place place) {
    return switch (edit) {
      case FileEdit.Content content -> new FileImage.Regular(content.bytes(), modeOf(image));
      case FileEdit.Symlink link -> new FileImage.Link(link.target());
      case FileEdit.Mode mode -> new FileImage.Regular(content(image, place), mode.mode());
      case FileEdit.Patch patch -> patched(image, patch, place);
      case FileEdit.Replace r -> {
        var raw = new FileEdit.Replace(raw(r.find()), raw(r.with()), r.occurrences());
        yield regular(image, replaced(text(image, place), raw, place));
      }
      case FileEdit.Insert i -> {
        var raw = new FileEdit.Insert(raw(i.anchor()), i.before(), raw(i.text()));
        yield regular(image, inserted(text(image, place), raw, place));
      }
      case FileEdit.Append append ->
          regular(image, AtEnds.append(text(image, place), raw(append.text()), place));
      case FileEdit.Prepend prepend ->
          regular(image, AtEnds.prepend(text(image, place), raw(prepend.text()), place));
      case FileEdit.JsonPatch patch ->
          regular(image, JsonPatcher.apply(text(image, place), patch, place));
      case FileEdit.Move move -> image;
    };
  }

  private static int modeOf(FileImage image) {
    return image instanceof FileImage.Regular file ? file.mode() : NEW_FILE_MODE;
  }

  private static FileImage patched(FileImage image, FileEdit.Patch patch, Place place) {
    FilePatch parsed = PatchParser.single(patch.diff(), place);
    requireSameFile(parsed, place);
    return switch (image) {
      case FileImage.Regular file -> {
        int mode =
            parsed.newMode().map(m -> PatchParser.permissions(m, file.mode())).orElse(file.mode());
        yield new FileImage.Regular(HunkApplier.apply(file.content(), parsed, place), mode);
      }
      case FileImage.Link link ->
          new FileImage.Link(HunkApplier.apply(link.target(), parsed, place));
    };
  }

  private static void requireSameFile(FilePatch patch, Place place) {
    for (Optional<Bytes> name : List.of(patch.oldPath(), patch.newPath())) {
      if (name.isPresent() && !name.get().equals(place.file().bytes())) {
        throw RunnerException.of(
                FailureCode.PATCH_INVALID,
                "the patch is for another file, "
                    + Escape.line(name.get().lossyText())
                    + " ("
                    + place
                    + ")")
            .at(place.at())
            .note("nothing was changed")
            .help("let its '---' and '+++' lines name the file of the step");
      }
    }
  }

  private static String replaced(String text, FileEdit.Replace replace, Place place) {
    Found found = occurrences(text, replace.find());
    if (found.count() == 0) {
      RunnerException.Builder error =
          RunnerException.of(
                  FailureCode.EDIT_NOMATCH, "\"find\" text is not in the file (" + place + ")")
              .at(place.at());
      NearMiss.describe(text, replace.find(), place.file().toString()).forEach(error::note);
      throw error.note("nothing was changed").help("copy the line exactly, or use a patch edit");
    }
    if (found.count() != replace.occurrences()) {
      RunnerException.Builder error =
          RunnerException.of(
                  FailureCode.EDIT_NOMATCH,
                  "\"find\" text stands "
                      + found.count()
                      + " times in the file, not "
                      + replace.occurrences()
                      + " ("
                      + place
                      + ")")
              .at(place.at());
      found.first().forEach(at -> error.note("line " + lineOf(text, at) + " of " + place.file()));
      throw error
          .note("nothing was changed")
          .help("set 'occurrences: " + found.count() + "', or make the text longer");
    }
    long more = (long) found.count() * (replace.with().length() - replace.find().length());
    bounded(text.length() + more, place);
    return text.replace(replace.find(), replace.with());
  }

  private static String inserted(String text, FileEdit.Insert insert, Place place) {
    Found found = occurrences(text, insert.anchor());
    if (found.count() != 1) {
      RunnerException.Builder error =
          RunnerException.of(
                  FailureCode.EDIT_NOMATCH,
                  "the anchor stands "
                      + found.count()
                      + " times in the file, not once ("
                      + place
                      + ")")
              .at(place.at());
      if (found.count() == 0) {
        NearMiss.describe(text, insert.anchor(), place.file().toString()).forEach(error::note);
      }
      found.first().forEach(at -> error.note("line " + lineOf(text, at)));
      throw error.note("nothing was changed").help("choose an anchor that stands exactly once");
    }
    bounded((long) text.length() + insert.text().length(), place);
    int at = found.first().getFirst() + (insert.before() ? 0 : insert.anchor().length());
    return text.substring(0, at) + insert.text() + text.substring(at);
  }

  /** Before anything so large is made: a few edits can double a text until no memory holds it. */
  static void bounded(long length, Place place) {
    if (length > MAX_TEXT) {
      throw RunnerException.of(
              FailureCode.RESOURCE_LIMIT,
              "a file of " + length + " bytes is too large to be edited (" + place + ")")
          .at(place.at())
          .note("an edit takes and makes at most " + MAX_TEXT + " bytes")
          .note("nothing was changed")
          .help("use contentFrom, or let a command step change the file");
    }
  }

  /** How often a text stands in another, and where the first times. */
  private record Found(int count, List<Integer> first) {}

  /** Occurrences that do not overlap. */
  private static Found occurrences(String text, String find) {
    List<Integer> first = new ArrayList<>();
    int count = 0;
    for (int at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + find.length())) {
      count++;
      if (count <= 10) {
        first.add(at);
      }
    }
    return new Found(count, first);
  }

  static int lineOf(String text, int at) {
    return 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
  }

  private static FileImage regular(FileImage image, String text) {
    return new FileImage.Regular(
        Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1)), modeOf(image));
  }

  /**
   * The content with one character a byte, so that bytes outside an edit survive whatever the
   * encoding is. Edits are UTF-8: {@link #raw} brings them to the same form.
   */
  private static String text(FileImage image, Place place) {
    Bytes content = content(image, place);
    bounded(content.length(), place);
    return new String(content.toArray(), StandardCharsets.ISO_8859_1);
  }

  static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static Bytes content(FileImage image, Place place) {
    if (image instanceof FileImage.Regular file) {
      return file.content();
    }
    throw RunnerException.of(
            FailureCode.EDIT_CONFLICT, Escape.line(place.file().toString()) + " is a symbolic link")
        .at(place.at())
        .note("nothing was changed")
        .help("use the forms symlink or patch for a link, or name the file it points to");
  }
}
