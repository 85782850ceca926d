package dev.tars.runner.plan;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parses git-style and plain unified diffs, as bytes (one character a byte in here). Stricter than
 * git: what is not understood is an error, never skipped, but for text before the first file.
 */
final class PatchParser {
  // DOTALL: what follows is a line of the file, with whatever bytes that has.
  private static final Pattern HUNK =
      Pattern.compile(
          "@@ -([0-9]{1,9})(?:,([0-9]{1,9}))? \\+([0-9]{1,9})(?:,([0-9]{1,9}))? @@.*",
          Pattern.DOTALL);

  /** Each becomes a step. */
  private static final int MAX_FILES = ImprovementReader.MAX_STEPS;

  /** What a line and a hunk take in memory besides their text. */
  private static final int PER_LINE = 120;

  private static final int PER_HUNK = 100;

  /** Characters that git wants of the line that says that a line has no end. */
  private static final int NO_NEWLINE = 12;

  private final PatchLines lines;
  private final long room;
  private long held;
  private int at;
  private int part;

  private PatchParser(String diff, long room) {
    this.lines = new PatchLines(diff);
    this.room = room;
  }

  /** Every file of a diff. */
  static List<FilePatch> parse(Bytes diff) {
    List<FilePatch> files = new ArrayList<>();
    each(new String(diff.toArray(), StandardCharsets.ISO_8859_1), files::add);
    return files;
  }

  /**
   * Every file of a diff, one after the other, so that not all of a large one is in memory twice.
   *
   * @param diff one character a byte
   */
  static void each(String diff, Consumer<FilePatch> consumer) {
    long memory = Runtime.getRuntime().maxMemory() / 2;
    each(diff, Math.max(memory - diff.length(), memory / 4), consumer);
  }

  /**
   * The same.
   *
   * @param room how many bytes the diff of one file may take in memory
   * @throws RunnerException RESOURCE_LIMIT, rather than that the memory runs out
   */
  static void each(String diff, long room, Consumer<FilePatch> consumer) {
    new PatchParser(diff, room).files(consumer);
  }

  /** A diff of exactly one file, as an edit carries it. */
  static FilePatch single(Bytes diff, Edits.Place place) {
    List<FilePatch> files;
    try {
      files = parse(diff);
    } catch (RunnerException e) {
      throw RunnerException.of(FailureCode.PATCH_INVALID, e.getMessage() + " (" + place + ")")
          .at(place.at())
          .note(e.where())
          .note("nothing was changed")
          .cause(e)
          .help(e.help());
    }
    if (files.size() != 1) {
      throw RunnerException.of(
              FailureCode.PATCH_INVALID,
              "a patch edit holds the diff of one file, not of "
                  + files.size()
                  + " ("
                  + place
                  + ")")
          .at(place.at())
          .help("use `tarscli improve import --patch` for a diff of several files");
    }
    return files.getFirst();
  }

  /** Permission bits after a change of git's mode: git knows only the executable bit. */
  static int permissions(String gitMode, int current) {
    boolean executable = gitMode.endsWith("755");
    return executable ? current | ((current & 0444) >> 2) : current & ~0111;
  }

  private void files(Consumer<FilePatch> consumer) {
    int files = 0;
    int inPart = 0;
    boolean begun = false;
    boolean ended = false;
    boolean free = true; // any text may stand before the first file of a patch, and nowhere else
    while (at < lines.size()) {
      held = 0;
      boolean git = lines.startsWith(at, "diff --git ");
      if (git || (lines.startsWith(at, "--- ") && lines.startsWith(at + 1, "+++ "))) {
        if (ended) {
          throw invalid("a diff behind the end of a mail; the next one has no beginning");
        }
        files = oneMore(files);
        consumer.accept(git ? gitFile() : plainFile());
        inPart++;
        free = false;
      } else if (lines.startsWith(at, "@@ ")) {
        throw invalid("a hunk without '---' and '+++' lines before it");
      } else {
        BetweenFiles.requireNoChange(lines, at)
            .ifPresent(why -> {
              throw invalid(why);
            });
        if (BetweenFiles.beginsPatch(lines, at)) {
          requireFile(begun, inPart);
          if (files > 0 && !begun) {
            throw invalid("a series of which the first patch has no beginning");
          }
          part += files > 0 ? 1 : 0;
          begun = true;
          inPart = 0;
          ended = false;
          free = true;
        } else if (!free && BetweenFiles.isSignature(lines, at)) {
          ended = true;
          free = true;
        } else if (!free && !BetweenFiles.isHeader(lines, at)) {
          throw invalid(BetweenFiles.unknown(lines, at));
        }
        at++;
      }
    }
    if (files == 0) {
      throw invalid("no file is in the diff");
    }
    requireFile(begun, inPart);
  }

  private void requireFile(boolean begun, int files) {
    if (begun && files == 0) {
      throw invalid("a patch of the series holds no diff");
    }
  }

  private static int oneMore(int files) {
    if (files == MAX_FILES) {
      throw RunnerException.of(
              FailureCode.PATCH_INVALID, "the diff is of more than " + MAX_FILES + " files")
          .note("each is a step, and an improvement has no more steps")
          .help("split it into several improvements");
    }
    return files + 1;
  }

  private FilePatch plainFile() {
    int start = at;
    PatchNames.Side old = side();
    PatchNames.Side now = side();
    Optional<Bytes> name =
        old.name().isPresent() && now.name().isPresent()
            ? PatchNames.same(old.name().get(), now.name().get())
            : old.name().or(now::name).flatMap(PatchNames::alone);
    if (name.isEmpty() || (old.absent() && now.absent())) {
      at = start;
      throw invalid(
          "it cannot be told which file the '---' and '+++' lines mean",
          "a plain diff renames nothing, and a prefix is one only if both sides have one");
    }
    List<FilePatch.Hunk> hunks = hunks();
    if (hunks.isEmpty()) {
      throw invalid("no hunk follows the '+++' line");
    }
    return whole(
        new FilePatch(
            old.absent() ? Optional.empty() : name,
            now.absent() ? Optional.empty() : name,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            hunks,
            Optional.empty(),
            false,
            part,
            raw(start)),
        start);
  }

  private FilePatch gitFile() {
    int start = at;
    Optional<List<Bytes>> both = GitNames.both(header().substring("diff --git ".length()));
    GitHeader header = new GitHeader();
    at++;
    while (at < lines.size() && header.take(header())) {
      at++;
    }
    header
        .problem()
        .ifPresent(why -> {
          throw invalid(why);
        });
    List<FilePatch.Hunk> hunks = List.of();
    Optional<FilePatch.BinaryPatch> binary = Optional.empty();
    if (lines.startsWith(at, "GIT binary patch\n")) {
      at++;
      binary = Optional.of(BinaryReader.read(this::nextLine));
      skipReverse();
    } else if (lines.startsWith(at, "Binary files ")) {
      throw invalid("a binary file without its content; make the diff with --binary");
    } else if (lines.startsWith(at, "--- ") && lines.startsWith(at + 1, "+++ ")) {
      PatchNames.Side old = side();
      PatchNames.Side now = side();
      both =
          Optional.of(
              header
                  .agreed(both, old, now)
                  .orElseThrow(() -> {
                    at = start;
                    return invalid("its lines name different files");
                  }));
      hunks = hunks();
      if (hunks.isEmpty()) {
        throw invalid("no hunk follows the '+++' line");
      }
    }
    if (hunks.isEmpty() && binary.isEmpty() && !header.isChange()) {
      at = start;
      throw invalid("it names a file and changes nothing of it");
    }
    GitHeader.Paths paths =
        header
            .paths(both)
            .orElseThrow(() -> {
              at = start;
              return invalid("it cannot be told which file it means");
            });
    return whole(
        new FilePatch(
            paths.old(),
            paths.now(),
            header.oldMode(),
            header.newMode(),
            header.ids(),
            hunks,
            binary,
            header.isCopy(),
            part,
            raw(start)),
        start);
  }

  /** As git holds it: what makes a file takes nothing from it, what removes one leaves nothing. */
  private FilePatch whole(FilePatch file, int start) {
    boolean contradicts =
        (file.oldPath().isEmpty() && file.hunks().stream().anyMatch(h -> h.oldCount() > 0))
            || (file.newPath().isEmpty() && file.hunks().stream().anyMatch(h -> h.newCount() > 0));
    if (contradicts) {
      at = start;
      throw invalid("the file is made or removed, and the hunks say otherwise");
    }
    return file;
  }

  private String nextLine() {
    String line = at < lines.size() ? lines.get(at) : "";
    if (!line.endsWith("\n")) {
      throw invalid("the binary patch is cut short");
    }
    at++;
    return line.substring(0, line.length() - 1);
  }

  /** The second block of a binary patch undoes the first; it may be missing, but not be damaged. */
  private void skipReverse() {
    if (lines.startsWith(at, "literal ") || lines.startsWith(at, "delta ")) {
      BinaryReader.requireWhole(BinaryReader.read(this::nextLine));
    }
  }

  private Bytes raw(int start) {
    return Bytes.of(lines.range(start, at).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String line() {
    return lines.get(at);
  }

  /** A {@code ---} or {@code +++} line. */
  private PatchNames.Side side() {
    String line = header();
    at++;
    return PatchNames.Side.of(line.substring(4));
  }

  /** A line with names or modes, without its end; a carriage return would be a part of the name. */
  private String header() {
    String line = lines.get(at);
    if (line.endsWith("\r\n")) {
      throw invalid(
          "its lines end with CR LF",
          "the diff was converted on its way; what is meant by its names cannot be told");
    }
    if (!line.endsWith("\n")) {
      throw invalid("it is cut short");
    }
    return line.substring(0, line.length() - 1);
  }

  private List<FilePatch.Hunk> hunks() {
    List<FilePatch.Hunk> hunks = new ArrayList<>();
    while (at < lines.size() && line().startsWith("@@ ")) {
      hold(PER_HUNK);
      hunks.add(hunk());
    }
    return hunks;
  }

  private FilePatch.Hunk hunk() {
    Matcher m = HUNK.matcher(line().stripTrailing());
    if (!m.matches()) {
      throw invalid("a hunk header that cannot be read");
    }
    int oldLeft = count(m.group(2));
    int newLeft = count(m.group(4));
    if (oldLeft == 0 && newLeft == 0) {
      throw invalid("a hunk without lines");
    }
    int oldCount = oldLeft;
    int newCount = newLeft;
    at++;
    List<FilePatch.Line> body = new ArrayList<>();
    while (oldLeft > 0 || newLeft > 0) {
      if (at >= lines.size()) {
        throw invalid("the hunk is cut short");
      }
      // Some tools drop the space of an empty context line.
      String text = line().equals("\n") || line().equals("\r\n") ? " " + line() : line();
      if (!text.endsWith("\n")) {
        throw invalid(
            "the last line has no line end: the diff is cut short",
            "a file that ends without one has '\\ No newline at end of file' in its diff");
      }
      char sign = text.charAt(0);
      switch (sign) {
        case ' ' -> {
          oldLeft--;
          newLeft--;
        }
        case '-' -> oldLeft--;
        case '+' -> newLeft--;
        default -> throw invalid("a line of the hunk begins with neither ' ', '-' nor '+'");
      }
      if (oldLeft < 0 || newLeft < 0) {
        throw invalid("the hunk has other lines than its header says");
      }
      at++;
      String content = text.substring(1);
      if (lines.startsWith(at, "\\ ")) { // the words are those of a language
        if (line().length() <= NO_NEWLINE) {
          throw invalid("the line about a missing line end is cut short");
        }
        content = content.substring(0, content.length() - (content.endsWith("\n") ? 1 : 0));
        at++;
      }
      hold(PER_LINE + content.length());
      body.add(new FilePatch.Line(sign, Bytes.of(content.getBytes(StandardCharsets.ISO_8859_1))));
    }
    return new FilePatch.Hunk(
        Integer.parseInt(m.group(1)), oldCount, Integer.parseInt(m.group(3)), newCount, body);
  }

  private void hold(long bytes) {
    held += bytes;
    if (held > room) {
      throw RunnerException.of(
              FailureCode.RESOURCE_LIMIT,
              "the diff of one file has more hunks and lines than there is memory for")
          .at("line " + (at + 1) + " of the diff")
          .note("they may take " + room + " bytes of the memory that tarscli is given")
          .help("split it, or give more memory: TARS_JAVA_OPTS=-Xmx1g");
    }
  }

  private static int count(@org.jspecify.annotations.Nullable String group) {
    return group == null ? 1 : Integer.parseInt(group);
  }

  private RunnerException invalid(String what) {
    return invalid(what, "");
  }

  private RunnerException invalid(String what, String note) {
    RunnerException.Builder error =
        RunnerException.of(FailureCode.PATCH_INVALID, "not a usable diff: " + what)
            .at("line " + (at + 1) + " of the diff");
    return (note.isEmpty() ? error : error.note(note)).help("make it with `git diff --binary`");
  }
}
