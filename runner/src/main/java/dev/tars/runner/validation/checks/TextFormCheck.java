package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text that a diff does not show as it is read: escapes that end a line, line ends that change. */
final class TextFormCheck implements FileCheck {
  /** Java reads escapes before anything else: these end a comment, a string or a line. */
  private static final Pattern JAVA_ESCAPE =
      Pattern.compile("\\\\u{1,9}00(?:0[aAdD]|2[2aAfF]|27|5[cC]|7[bBdD]|3[bB])");

  private static final Pattern JAVA_ASCII = Pattern.compile("\\\\u{1,9}00[2-7][0-9a-fA-F]");

  private static final int LONGEST_LINE = 4096;

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (file.extension().equals("java")) {
      file.added().forEach(line -> escapes(file, line, findings));
    }
    lineEnds(file, findings);
  }

  private static void escapes(ChangedFile file, AddedLine line, Findings findings) {
    String text =
        line.text().length() > LONGEST_LINE ? line.text().substring(0, LONGEST_LINE) : line.text();
    Matcher hiding = JAVA_ESCAPE.matcher(text);
    if (hiding.find() && !isEscaped(text, hiding.start())) {
      report(
          file, line, hiding.group(), "is code before the line is read as it is shown", findings);
      return;
    }
    Matcher ascii = JAVA_ASCII.matcher(text);
    if (ascii.find() && !isEscaped(text, ascii.start()) && isCode(text, ascii)) {
      report(file, line, ascii.group(), "spells a plain character in another way", findings);
    }
  }

  /** Outside of quotes nobody needs one. */
  private static boolean isCode(String text, Matcher at) {
    long quotes = text.substring(0, at.start()).chars().filter(c -> c == '"' || c == '\'').count();
    return quotes % 2 == 0;
  }

  /** A backslash that is itself escaped begins no escape. */
  private static boolean isEscaped(String text, int at) {
    int before = 0;
    while (at - before > 0 && text.charAt(at - before - 1) == '\\') {
      before++;
    }
    return before % 2 == 1;
  }

  private static void report(
      ChangedFile file, AddedLine line, String escape, String what, Findings findings) {
    findings.add(
        "unicode.java-escape",
        Severity.REVIEW,
        file.path(),
        line.number(),
        "the escape " + escape + " " + what);
  }

  private static void lineEnds(ChangedFile file, Findings findings) {
    String before = file.beforeText().orElse("");
    String after = file.afterText().orElse("");
    if (before.isEmpty() || after.isEmpty() || before.equals(after)) {
      return;
    }
    boolean was = before.contains("\r\n");
    boolean is = after.contains("\r\n");
    if (was != is && before.indexOf('\n') >= 0 && after.indexOf('\n') >= 0) {
      boolean only = before.replace("\r\n", "\n").equals(after.replace("\r\n", "\n"));
      findings.add(
          "content.line-ends",
          Severity.INFO,
          file.path(),
          0,
          (is ? "has CRLF line ends now" : "has no CRLF line ends any more")
              + (only ? "; nothing else changes" : ""));
    }
    if (before.charAt(0) != '\uFEFF'
        && before.indexOf('\uFEFF') < 0
        && after.indexOf('\uFEFF', 1) > 0) {
      findings.add(
          "content.byte-order-mark",
          Severity.REVIEW,
          file.path(),
          0,
          "has a byte order mark that is not at its begin");
    }
  }
}
