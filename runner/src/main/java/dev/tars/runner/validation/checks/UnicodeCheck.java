package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import java.lang.Character.UnicodeScript;
import java.util.Optional;

/**
 * Text that does not read as it runs: bidirectional controls, characters that are drawn as nothing,
 * and words that mix look-alike alphabets, in added lines and in paths.
 */
final class UnicodeCheck implements FileCheck {
  /** Greek letters that look Latin; others, such as μ and Δ, are common beside Latin ones. */
  private static final String GREEK_LOOKALIKES = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινρυκϲϳ";

  private final CheckRules rules;

  UnicodeCheck(CheckRules rules) {
    this.rules = rules;
  }

  @Override
  public void check(ChangedFile file, Findings findings) {
    if (!file.deleted()) {
      mixedWord(file.pathText())
          .ifPresent(word ->
              findings.add(
                  "unicode.mixed-script",
                  Severity.REVIEW,
                  file.path(),
                  0,
                  "the name mixes look-alike alphabets: " + spelled(word)));
    }
    for (AddedLine line : file.added()) {
      line(file, line, findings);
    }
  }

  private void line(ChangedFile file, AddedLine line, Findings findings) {
    String text = line.text();
    if (text.chars().allMatch(c -> c < 0x80)) {
      return;
    }
    int previous = 0;
    for (int i = 0; i < text.length(); i += Character.charCount(previous)) {
      int c = text.codePointAt(i);
      boolean byteOrderMark = c == 0xFEFF && i == 0 && line.number() == 1;
      if (isBidi(c)) {
        findings.add(
            "unicode.bidi",
            CheckRules.severity(rules.bidi()),
            file.path(),
            line.number(),
            "U+%04X changes the order in which the line is drawn".formatted(c));
      } else if (isInvisible(c) && !byteOrderMark && !joinsEmoji(c, previous)) {
        findings.add(
            "unicode.invisible",
            CheckRules.severity(rules.invisible()),
            file.path(),
            line.number(),
            "U+%04X is not drawn".formatted(c));
      }
      previous = c;
    }
    mixedWord(text)
        .ifPresent(word ->
            findings.add(
                "unicode.mixed-script",
                Severity.REVIEW,
                file.path(),
                line.number(),
                "a word mixes look-alike alphabets: " + spelled(word)));
  }

  private static boolean isBidi(int c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  private static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0000 && c <= 0xE0FFF)
        || c == 0x115F
        || c == 0x1160
        || c == 0x3164
        || c == 0xFFA0
        || c == 0x034F;
  }

  /** A joiner or selector after a pictograph is part of an emoji. */
  private static boolean joinsEmoji(int c, int previous) {
    boolean joiner = c == 0x200D || c == 0xFE0F || (c >= 0xE0020 && c <= 0xE007F);
    return joiner
        && (Character.isEmoji(previous)
            || previous == 0xFE0F
            || (previous >= 0xE0020 && previous <= 0xE007F));
  }

  /** The first run of letters that holds Latin and look-alikes of another alphabet. */
  static Optional<String> mixedWord(String text) {
    int start = 0;
    boolean latin = false;
    boolean other = false;
    for (int i = 0; i <= text.length(); ) {
      int c = i < text.length() ? text.codePointAt(i) : ' ';
      if (Character.isLetter(c)) {
        UnicodeScript script = UnicodeScript.of(c);
        latin |= script == UnicodeScript.LATIN;
        other |= looksLatin(c, script);
      } else {
        if (latin && other) {
          return Optional.of(text.substring(start, i));
        }
        latin = false;
        other = false;
        start = i + Character.charCount(c);
      }
      i += Character.charCount(c);
    }
    return Optional.empty();
  }

  private static boolean looksLatin(int c, UnicodeScript script) {
    return switch (script) {
      case CYRILLIC, ARMENIAN, CHEROKEE, COPTIC, LISU -> true;
      case GREEK -> GREEK_LOOKALIKES.indexOf(c) >= 0;
      default -> false;
    };
  }

  private static String spelled(String word) {
    StringBuilder out = new StringBuilder();
    word.codePoints()
        .limit(60)
        .forEach(c -> {
          if (c < 0x80) {
            out.appendCodePoint(c);
          } else {
            out.append("<U+%04X>".formatted(c));
          }
        });
    return out.toString();
  }
}
