package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import java.util.Optional;

/** Permission bits that the change adds or takes; special bits come into no change set at all. */
final class ModeCheck implements FileCheck {
  private static final int EXECUTE = 0111;
  private static final int WRITTEN_BY_OTHERS = 0022;

  @Override
  public void check(ChangedFile file, Findings findings) {
    Optional<TreeEntry> after = file.change().after().filter(ModeCheck::hasMode);
    if (after.isEmpty()) {
      return;
    }
    boolean directory = after.get() instanceof TreeEntry.Directory;
    int mode = after.get().mode();
    int added =
        mode & ~file.change().before().filter(ModeCheck::hasMode).map(TreeEntry::mode).orElse(0);
    if (!directory && (mode & EXECUTE) != 0 && (added & EXECUTE) == (mode & EXECUTE)) {
      report(file, findings, "mode.executable", Severity.INFO, "becomes executable");
    }
    boolean ran = (mode & EXECUTE) != 0 && (added & EXECUTE) == 0;
    if (!directory && ran && startsProgram(file.after()) && !startsProgram(file.before())) {
      report(
          file,
          findings,
          "mode.shebang",
          Severity.REVIEW,
          "was executable without naming a program, and its first line names one now");
    }
    if ((added & WRITTEN_BY_OTHERS) != 0) {
      report(
          file,
          findings,
          "mode.open",
          Severity.REVIEW,
          "others than its owner may write to it: " + octal(mode));
    }
    int needed = directory ? 0500 : 0400;
    if ((mode & needed) != needed) {
      report(
          file,
          findings,
          "mode.closed",
          Severity.REVIEW,
          "its owner may not read it: " + octal(mode));
    }
  }

  private static boolean hasMode(TreeEntry entry) {
    return !(entry instanceof TreeEntry.Symlink);
  }

  private static boolean startsProgram(Optional<byte[]> content) {
    return content.filter(b -> b.length > 2 && b[0] == '#' && b[1] == '!').isPresent();
  }

  private static String octal(int mode) {
    return "mode %04o".formatted(mode);
  }

  private static void report(
      ChangedFile file, Findings findings, String rule, Severity severity, String message) {
    findings.add(rule, severity, file.path(), 0, message);
  }
}
