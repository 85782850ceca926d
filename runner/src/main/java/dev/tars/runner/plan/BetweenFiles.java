package dev.tars.runner.plan;

import dev.tars.runner.model.Escape;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Lines of a diff that belong to no file: which may stand there, and which say a change. */
final class BetweenFiles {
  private static final Pattern MAIL = Pattern.compile("From [0-9a-f]{7,64} .*[0-9]{4}\\n");
  private static final Pattern VERSION = Pattern.compile("[0-9]+\\.[0-9][ -~]{0,60}");
  private static final Pattern HEADER =
      Pattern.compile("Index: .*|={30,}|RCS file: .*|retrieving revision .*|diff .*|# .*");

  /** A change, in words: it is not in the diff, and must not be dropped without one. */
  private record Said(Pattern line, String why) {
    Said(String line, String why) {
      this(Pattern.compile(line, Pattern.DOTALL), why);
    }
  }

  private static final List<Said> CHANGES =
      List.of(
          new Said("Only in .+: .+", "a file that stands on one side only has no content in it"),
          new Said(
              "(Binary files|Binary file|Files|Symbolic links) .+ (differ|has changed|matches)",
              "a file that differs has no content in it"),
          new Said(
              "File .+ is a .+ while file .+ is a .+", "a change of kind has no content in it"),
          new Said("Submodule .+", "the change of a submodule is none of this repository"),
          new Said(
              "(Property changes on|Added|Modified|Deleted|Reverted): .+",
              "properties of Subversion cannot be applied"),
          new Said("Cannot display: .+", "a binary file without its content"),
          new Said("\\*{15}.*", "a context diff; only unified ones are read"),
          new Said("diff --(cc|combined) .+", "the diff of a merge cannot be applied"),
          new Said("@@@+ .+", "the diff of a merge cannot be applied"),
          new Said(
              "(?i)Content-Transfer-Encoding:\\s*(quoted-printable|base64)\\s*",
              "the mail is encoded; save its text decoded"));

  private BetweenFiles() {}

  /** Why a line may stand nowhere: it says a change that the diff does not hold. */
  static Optional<String> requireNoChange(PatchLines lines, int at) {
    String line = lines.content(at);
    for (Said said : CHANGES) {
      if (said.line().matcher(line).matches()) {
        return Optional.of(said.why() + ": " + brief(line));
      }
    }
    return isAnnouncement(line) && !isFollowed(lines, at)
        ? Optional.of("no content follows " + brief(line))
        : Optional.empty();
  }

  private static boolean isAnnouncement(String line) {
    return line.startsWith("Index: ") || line.startsWith("diff -");
  }

  /** True if what a tool announces comes: a unified diff of just that file. */
  private static boolean isFollowed(PatchLines lines, int from) {
    String line = lines.content(from).stripTrailing();
    String name =
        line.startsWith("Index: ") ? line.substring(7) : line.substring(line.lastIndexOf(' ') + 1);
    int at = from + 1;
    while (at < lines.size()
        && !isAnnouncement(lines.content(at))
        && HEADER.matcher(lines.content(at)).matches()) {
      at++;
    }
    if (lines.startsWith(at, "diff --git ")) {
      return lines.content(at).contains(name);
    }
    return lines.startsWith(at, "--- ")
        && lines.startsWith(at + 1, "+++ ")
        && (lines.content(at).contains(name) || lines.content(at + 1).contains(name));
  }

  /** True for the first line of another patch of a series: a mail, or a changeset. */
  static boolean beginsPatch(PatchLines lines, int at) {
    return lines.startsWith(at, "# HG changeset patch") || MAIL.matcher(lines.get(at)).matches();
  }

  /** True for the line with which git ends a mail: its version follows. */
  static boolean isSignature(PatchLines lines, int at) {
    if (!lines.content(at).equals("-- ")) {
      return false;
    }
    return at + 1 == lines.size() || VERSION.matcher(lines.content(at + 1)).matches();
  }

  /** True if a line may stand between two files. */
  static boolean isHeader(PatchLines lines, int at) {
    String line = lines.content(at);
    return line.isBlank() || HEADER.matcher(line).matches();
  }

  /** Says what a line is not. */
  static String unknown(PatchLines lines, int at) {
    String line = lines.content(at);
    if (line.startsWith("commit ")) {
      return "several commits, the newest first; use `git format-patch --stdout`: " + brief(line);
    }
    boolean more = !line.isEmpty() && " +-\\".indexOf(line.charAt(0)) >= 0;
    return (more ? "the hunk has more lines than its header says: " : "it is no part of a diff: ")
        + brief(line);
  }

  private static String brief(String line) {
    String shown = Escape.line(PatchLines.utf8(line));
    return shown.length() > 100 ? shown.substring(0, 100) + "…" : shown;
  }
}
