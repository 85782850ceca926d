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

  private final PatchLines lines;
  private final long room;
  private long held;
  private int at;

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
    while (at < lines.size()) {
      held = 0;
      if (lines.startsWith(at, "diff --git ")) {
        files = oneMore(files);
        consumer.accept(gitFile());
      } else if (lines.startsWith(at, "--- ") && lines.startsWith(at + 1, "+++ ")) {
        files = oneMore(files);
        consumer.accept(plainFile());
      } else if (lines.startsWith(at, "@@ ")) {
        throw invalid("a hunk without '---' and '+++' lines before it");
      } else {
        at++;
      }
    }
    if (files == 0) {
      throw invalid("no file is in the diff");
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
    Optional<Bytes> old = header("--- ");
    Optional<Bytes> now = header("+++ ");
    List<FilePatch.Hunk> hunks = hunks();
    if (hunks.isEmpty()) {
      throw invalid("no hunk follows the '+++' line");
    }
    return new FilePatch(
        old, now, Optional.empty(), Optional.empty(), hunks, Optional.empty(), false, raw(start));
  }

  private FilePatch gitFile() {
    int start = at;
    Extended header = new Extended(lines.content(at).substring("diff --git ".length()));
    at++;
    while (at < lines.size() && header.take(lines.content(at))) {
      at++;
    }
    Optional<Bytes> old = header.oldPath();
    Optional<Bytes> now = header.newPath();
    List<FilePatch.Hunk> hunks = List.of();
    Optional<FilePatch.BinaryPatch> binary = Optional.empty();
    if (at < lines.size() && line().startsWith("GIT binary patch")) {
      at++;
      binary = Optional.of(BinaryReader.read(this::nextLine));
      skipReverse();
    } else if (at < lines.size() && line().startsWith("Binary files ")) {
      throw invalid("a binary file without its content; make the diff with --binary");
    } else if (at + 1 < lines.size() && line().startsWith("--- ")) {
      Optional<Bytes> before = header("--- ");
      Optional<Bytes> after = header("+++ ");
      old = header.created ? Optional.empty() : before.or(header::oldPath);
      now = header.deleted ? Optional.empty() : after.or(header::newPath);
      hunks = hunks();
    }
    return new FilePatch(
        header.created ? Optional.empty() : old,
        header.deleted ? Optional.empty() : now,
        header.oldMode,
        header.newMode,
        hunks,
        binary,
        header.copy,
        raw(start));
  }

  private String nextLine() {
    if (at >= lines.size()) {
      throw invalid("the binary patch is cut short");
    }
    return lines.get(at++).stripTrailing();
  }

  /** The second block of a binary patch, which undoes the first. */
  private void skipReverse() {
    if (at < lines.size() && line().matches("(?s)(literal|delta) [0-9]+\\s*")) {
      while (at < lines.size() && !line().isBlank()) {
        at++;
      }
    }
  }

  private Bytes raw(int start) {
    return Bytes.of(lines.range(start, at).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String line() {
    return lines.get(at);
  }

  /** The name in a {@code ---} or {@code +++} line; empty for {@code /dev/null}. */
  private Optional<Bytes> header(String start) {
    String text = lines.content(at).substring(start.length());
    at++;
    // git ends a name that has a space with a tab, also a quoted one; others put a time there.
    int end = text.startsWith("\"") ? GitNames.quotedEnd(text) : text.indexOf('\t');
    String name = end >= 0 ? text.substring(0, end) : text;
    if (name.equals("/dev/null")) {
      return Optional.empty();
    }
    return Optional.of(stripped(GitNames.unquote(name)));
  }

  /** Without the first component, which is {@code a/} or {@code b/}. */
  static Bytes stripped(Bytes name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.at(i) == '/') {
        return name.slice(i + 1, name.length());
      }
    }
    return name;
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
      if (at < lines.size() && line().startsWith("\\")) {
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
    return RunnerException.of(FailureCode.PATCH_INVALID, "not a usable diff: " + what)
        .at("line " + (at + 1) + " of the diff")
        .help("make it with `git diff --binary`");
  }

  /** The lines between {@code diff --git} and the content. */
  private static final class Extended {
    private final Optional<Bytes> bothSame;
    private Optional<Bytes> from = Optional.empty();
    private Optional<Bytes> to = Optional.empty();
    private Optional<String> oldMode = Optional.empty();
    private Optional<String> newMode = Optional.empty();
    private boolean created;
    private boolean deleted;
    private boolean copy;

    Extended(String names) {
      this.bothSame = GitNames.sameName(names);
    }

    /** False for the first line that is not a header of this kind. */
    boolean take(String line) {
      if (line.startsWith("old mode ")) {
        oldMode = Optional.of(line.substring(9));
      } else if (line.startsWith("new mode ")) {
        newMode = Optional.of(line.substring(9));
      } else if (line.startsWith("new file mode ")) {
        created = true;
        newMode = Optional.of(line.substring(14));
      } else if (line.startsWith("deleted file mode ")) {
        deleted = true;
        oldMode = Optional.of(line.substring(18));
      } else if (line.startsWith("rename from ")) {
        from = Optional.of(GitNames.unquote(line.substring(12)));
      } else if (line.startsWith("rename to ")) {
        to = Optional.of(GitNames.unquote(line.substring(10)));
      } else if (line.startsWith("copy from ")) {
        copy = true;
        from = Optional.of(GitNames.unquote(line.substring(10)));
      } else if (line.startsWith("copy to ")) {
        to = Optional.of(GitNames.unquote(line.substring(8)));
      } else if (line.startsWith("index ")) {
        int space = line.lastIndexOf(' ');
        if (line.substring(space + 1).matches("[0-7]{6}")) {
          oldMode = oldMode.or(() -> Optional.of(line.substring(space + 1)));
        }
      } else {
        return line.startsWith("similarity index ") || line.startsWith("dissimilarity index ");
      }
      return true;
    }

    Optional<Bytes> oldPath() {
      return from.or(() -> bothSame);
    }

    Optional<Bytes> newPath() {
      return to.or(() -> bothSame);
    }
  }
}
