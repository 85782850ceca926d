package dev.tars.runner.validation.xml;

import java.io.IOException;
import java.io.Reader;

/**
 * Watches characters on their way to an XML parser, because the parser holds a whole tag, a whole
 * CDATA section and a whole comment in memory: refuses a tag that is too long and a document type
 * declaration, and splits long CDATA sections and comments into short ones.
 */
final class XmlGuard extends Reader {
  private static final int PIECE = 1 << 14;

  private enum State {
    TEXT,
    OPENING,
    TAG,
    DOUBLE_QUOTED,
    SINGLE_QUOTED,
    CDATA,
    COMMENT,
    INSTRUCTION,
    AFTER_DOCTYPE
  }

  private final Reader in;
  private final XmlLimits limits;
  private final char[] raw = new char[8192];
  private final StringBuilder ready = new StringBuilder();
  private int taken;
  private State state = State.TEXT;
  private final StringBuilder opening = new StringBuilder();
  private int length;
  private char last;
  private char beforeLast;

  XmlGuard(Reader in, XmlLimits limits) {
    this.in = in;
    this.limits = limits;
  }

  @Override
  public int read(char[] buffer, int offset, int count) throws IOException {
    while (taken == ready.length()) {
      ready.setLength(0);
      taken = 0;
      int n = in.read(raw, 0, raw.length);
      if (n < 0) {
        return -1;
      }
      for (int i = 0; i < n; i++) {
        next(raw[i]);
      }
    }
    int n = Math.min(count, ready.length() - taken);
    ready.getChars(taken, taken + n, buffer, offset);
    taken += n;
    return n;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void next(char c) throws IOException {
    switch (state) {
      case TEXT -> {
        if (c == '<') {
          state = State.OPENING;
          opening.setLength(0);
        }
      }
      case OPENING -> open(c);
      case TAG -> {
        grow();
        if (c == '>') {
          state = State.TEXT;
        } else if (c == '"') {
          state = State.DOUBLE_QUOTED;
        } else if (c == '\'') {
          state = State.SINGLE_QUOTED;
        }
      }
      case DOUBLE_QUOTED, SINGLE_QUOTED -> {
        grow();
        if (c == (state == State.DOUBLE_QUOTED ? '"' : '\'')) {
          state = State.TAG;
        }
      }
      case CDATA -> section(c, ']', "]]><![CDATA[");
      case COMMENT -> section(c, '-', "--><!--");
      case INSTRUCTION -> {
        grow();
        if (c == '>' && last == '?') {
          state = State.TEXT;
        }
      }
      // The parser skips the declaration; from here on only the size of the document bounds it.
      case AFTER_DOCTYPE -> {}
    }
    beforeLast = last;
    // What opened a section cannot be part of what closes it: "<!-->" and "<?>" are still open.
    last = state == State.OPENING || length == 0 ? 0 : c;
    ready.append(c);
  }

  /** Decides what a {@code <} begins; the first characters after it are enough. */
  private void open(char c) throws IOException {
    opening.append(c);
    String seen = opening.toString();
    boolean undecided = seen.equals("!-") || (seen.length() < 8 && "![CDATA[".startsWith(seen));
    if (undecided) {
      return;
    }
    length = 0;
    state =
        switch (seen) {
          case "![CDATA[" -> State.CDATA;
          case "!--" -> State.COMMENT;
          case "?" -> State.INSTRUCTION;
          default -> seen.charAt(0) == '!' ? doctype() : c == '>' ? State.TEXT : State.TAG;
        };
  }

  private State doctype() throws IOException {
    if (!limits.doctype()) {
      throw new IOException("it has a document type declaration, which is refused");
    }
    return State.AFTER_DOCTYPE;
  }

  private void grow() throws IOException {
    if (++length > limits.tag()) {
      throw new IOException("a tag is longer than " + limits.tag() + " characters");
    }
  }

  private void section(char c, char ending, String split) throws IOException {
    length++;
    if (c == '>' && last == ending && beforeLast == ending) {
      state = State.TEXT;
      return;
    }
    if (length > PIECE && c != ending && last != ending && !Character.isLowSurrogate(c)) {
      ready.append(split);
      length = 1;
    }
    if (length > 2 * PIECE) {
      throw new IOException("a run of '" + ending + "' has more than " + PIECE + " characters");
    }
  }
}
