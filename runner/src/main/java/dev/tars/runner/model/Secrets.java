package dev.tars.runner.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that look like credentials, whatever a policy says: no record holds them. Linear in the
 * text: no pattern here can backtrack far.
 */
public final class Secrets {
  /** What stands where something was taken out. */
  public static final String MARK = "[redacted]";

  /** An option that takes a credential, as its last word says: {@code --db-password}. */
  private static final String OPTION =
      "(?<![A-Za-z0-9_-])--?[A-Za-z0-9_.-]{0,40}?(?i:token|secret|passw(?:or)?d|passphrase"
          + "|credentials?|(?:api|access|private|secret|auth|account)[_-]?key)";

  private static final Pattern WHOLE_OPTION = Pattern.compile(OPTION);

  private static final List<Pattern> BUILT_IN =
      List.of(
          Pattern.compile(
              "(?i)\\b((?:[a-z0-9]{1,40}[_-]){0,4}(?:token|secret|passw(?:or)?d|passphrase|credentials?"
                  + "|api[_-]?key|access[_-]?key|private[_-]?key)\\s{0,4}[=:]\\s{0,4})(?!\\[redacted)[^\\s,;]+"),
          Pattern.compile(
              "("
                  + OPTION
                  + "\\s{1,4})(?!-|\\[redacted)(?:'[^']{1,400}'|\"[^\"]{1,400}\"|[^\\s,;'\"]+)"),
          Pattern.compile("(?i)\\b((?:bearer|basic)\\s{1,4})[a-z0-9._~+/=-]{8,}"),
          Pattern.compile("(://[^\\s/:@]{1,200}:)[^\\s/@]{1,200}(?=@)"),
          Pattern.compile("()\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"),
          Pattern.compile("()\\bgh[opusr]_[A-Za-z0-9]{20,}"),
          Pattern.compile("()\\bgithub_pat_[A-Za-z0-9_]{20,}"),
          Pattern.compile("()\\bglpat-[A-Za-z0-9_-]{16,}"),
          Pattern.compile("()\\bxox[abprs]-[A-Za-z0-9-]{10,}"),
          Pattern.compile("()\\beyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*"),
          Pattern.compile(
              "(?s)()-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END[^-]*-----)?"));

  private Secrets() {}

  /** True if a word of a command is the value of an option that takes a credential. */
  public static boolean isValueOf(String word, String before) {
    return !word.startsWith("-") && WHOLE_OPTION.matcher(before).matches();
  }

  /** The text without them; what names them stays. */
  public static String redacted(String text) {
    String clean = text;
    for (Pattern pattern : BUILT_IN) {
      clean = pattern.matcher(clean).replaceAll(m -> Matcher.quoteReplacement(m.group(1) + MARK));
    }
    return clean;
  }
}
