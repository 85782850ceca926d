package dev.tars.runner.validation.syntax;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a box printed for one file. It may be a lie.
 *
 * @param line from 1, or 0
 * @param message may hold anything, at most {@value #LONGEST} characters
 */
record ParserAnswer(Kind kind, int line, int column, String message) {
  private static final int LONGEST = 200;
  private static final Pattern LINE =
      Pattern.compile("([0-9]{1,7})\t([a-z]{1,10})\t([0-9]{1,9})\t([0-9]{1,9})\t(.*)");

  /** How a parser ended. */
  enum Kind {
    OK,
    /** The language's own parser says no. */
    BAD,
    /** It says no, and another version of the language may say yes. */
    ODD,
    /** A grammar that is not the language's own says no. */
    GRAMMAR,
    /** It says no, and said so to what the file was before. */
    OLD,
    NONE,
    LATE,
    DIED
  }

  /** By index; the first answer for an index counts, and what is no answer is passed over. */
  static Map<Integer, ParserAnswer> read(String output) {
    Map<Integer, ParserAnswer> answers = new HashMap<>();
    output
        .lines()
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(m ->
            kind(m.group(2), m)
                .ifPresent(answer -> answers.putIfAbsent(Integer.parseInt(m.group(1)), answer)));
    return answers;
  }

  private static java.util.Optional<ParserAnswer> kind(String word, Matcher m) {
    String text = m.group(5);
    String message = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    for (Kind kind : Kind.values()) {
      if (kind.name().equalsIgnoreCase(word)) {
        return java.util.Optional.of(
            new ParserAnswer(
                kind, Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4)), message));
      }
    }
    return java.util.Optional.empty();
  }
}
