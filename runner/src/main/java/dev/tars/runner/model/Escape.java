package dev.tars.runner.model;

import java.util.regex.Pattern;

/**
 * Text from outside (paths, output, plan text, test names) made safe to show: control, bidi,
 * invisible and unassigned characters become code points, malformed UTF-8 becomes {@code \xNN}.
 * Applied where text is rendered, never where it is stored.
 */
public final class Escape {
  private static final Pattern COLOURS = Pattern.compile("\\x1b\\[[0-9;:]{0,40}[mK]");

  private Escape() {}

  /** A file name or path; also escapes backslashes, so that the result is unambiguous. */
  public static String name(Bytes bytes) {
    if (!bytes.isUtf8()) {
      return malformed(bytes);
    }
    return escape(bytes.lossyText().replace("\\", "\\\\"), false).replace("\t", "\\t");
  }

  /** A command as one line that shows where each argument begins and ends. */
  public static String argv(java.util.List<String> argv) {
    return argv.stream()
        .map(a ->
            a.matches("[A-Za-z0-9_@%+=:,./-]+") ? a : "'" + line(a).replace("'", "'\\''") + "'")
        .collect(java.util.stream.Collectors.joining(" "));
  }

  /** {@link #name(Bytes)} in double quotes. */
  public static String quote(Bytes bytes) {
    return '"' + name(bytes) + '"';
  }

  /**
   * {@link #line} of what a program printed for a terminal: its colours, and what erases to the end
   * of the line, are dropped, for they say nothing. Everything else of it is shown.
   */
  public static String output(String text) {
    return text.indexOf(0x1b) < 0 ? line(text) : line(COLOURS.matcher(text).replaceAll(""));
  }

  /** One line of text; a line feed is shown as a code point, a tab is kept. */
  public static String line(String text) {
    return escape(text, false);
  }

  /**
   * {@link #line} of what another program answered: bounded, for it may be anything.
   *
   * @param most characters, before they are escaped; what is cut is said
   */
  public static String answer(String text, int most) {
    String stripped = text.strip();
    return stripped.length() <= most
        ? line(stripped)
        : line(stripped.substring(0, most)) + " … (" + (stripped.length() - most) + " more)";
  }

  /** Text of several lines: line feeds are kept, everything else is as in {@link #line}. */
  public static String block(String text) {
    return escape(text, true);
  }

  private static String malformed(Bytes bytes) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < bytes.length(); i++) {
      int b = bytes.at(i) & 0xff;
      if (b >= 0x20 && b < 0x7f && b != '\\') {
        out.append((char) b);
      } else {
        out.append("\\x%02x".formatted(b));
      }
    }
    return out.toString();
  }

  private static String escape(String text, boolean keepLineFeeds) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (c == '\t' || (c == '\n' && keepLineFeeds) || isPlain(c)) {
            out.appendCodePoint(c);
          } else {
            out.append("<U+%04X>".formatted(c));
          }
        });
    return out.toString();
  }

  private static boolean isPlain(int c) {
    if (c >= 0x20 && c < 0x7f) {
      return true;
    }
    // Tag characters, variation selectors and Hangul fillers are drawn as nothing, whatever their
    // category says.
    if ((c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0000 && c <= 0xE0FFF)
        || c == 0x115F
        || c == 0x1160
        || c == 0x3164
        || c == 0xFFA0
        || c == 0x034F) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
