package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import org.jspecify.annotations.Nullable;

/** Content that nobody can read in a review, by what it is and not by what it is called. */
final class BinaryCheck implements FileCheck {
  private final CheckRules rules;

  BinaryCheck(CheckRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    mode(file, findings);
    file.after().ifPresent(bytes -> content(file, bytes, findings));
  }

  private void content(ChangedFile file, byte[] bytes, Findings findings) {
    ContentKind kind = ContentKind.of(bytes);
    String extension = file.extension();
    if (kind == ContentKind.TEXT) {
      return;
    }
    if (!kind.fits(extension) && kind != ContentKind.OTHER && !extension.isEmpty()) {
      report(
          file,
          findings,
          "content.mismatch",
          mismatch(),
          "is " + kind.shown() + ", not what ." + extension + " says");
    } else if (kind == ContentKind.OTHER && wasText(file)) {
      report(
          file, findings, "content.mismatch", Severity.REVIEW, "was text and is binary data now");
    } else if (kind == ContentKind.IMAGE || kind == ContentKind.DOCUMENT) {
      report(file, findings, "content.binary", Severity.INFO, "is " + kind.shown());
    } else {
      report(
          file,
          findings,
          "content.binary",
          Severity.REVIEW,
          "is " + kind.shown() + ", not UTF-8 text, so that no line of it was checked");
    }
  }

  private Severity mismatch() {
    return CheckRules.severity(rules.mismatch());
  }

  private static boolean wasText(ChangedFile file) {
    return file.before().filter(ContentKind::isText).isPresent();
  }

  private static void mode(ChangedFile file, Findings findings) {
    boolean now = executable(file.change().after().orElse(null));
    if (now && !executable(file.change().before().orElse(null))) {
      report(file, findings, "mode.executable", Severity.INFO, "becomes executable");
    }
  }

  private static boolean executable(@Nullable TreeEntry entry) {
    return entry instanceof TreeEntry.RegularFile regular && (regular.mode() & 0111) != 0;
  }

  private static void report(
      ChangedFile file, Findings findings, String rule, Severity severity, String message) {
    findings.add(rule, severity, file.path(), 0, message);
  }
}
