package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;

/** Content that nobody can read in a review, by what it is and not by what it is called. */
final class BinaryCheck implements FileCheck {
  private final CheckRules rules;

  BinaryCheck(CheckRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
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

  private static void report(
      ChangedFile file, Findings findings, String rule, Severity severity, String message) {
    findings.add(rule, severity, file.path(), 0, message);
  }
}
