package dev.tars.runner.validation.tests;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Lines of a report in text, with a bound on how long one is. */
final class Lines {
  private static final int LONGEST = 1 << 20;

  private Lines() {}

  /**
   * The next line without its end; null if there is none.
   *
   * @throws IOException if it is longer than a mebibyte of characters
   */
  static @Nullable String next(Reader in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (line.length() >= LONGEST) {
        throw new IOException("a line is longer than " + LONGEST + " characters");
      }
      line.append((char) c);
    }
    int end = line.length();
    return end > 0 && line.charAt(end - 1) == '\r' ? line.substring(0, end - 1) : line.toString();
  }
}
