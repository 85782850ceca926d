package dev.tars.runner.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * JSON with comments and trailing commas, as places in a text: nothing is ever printed again, so
 * that what no operation touches stays byte by byte. The text has one character a byte.
 */
final class JsonText {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_VALUES = 400_000;

  private final String text;
  private int at;
  private int values;

  private JsonText(String text) {
    this.text = text;
  }

  /** A value and where it stands, from {@code start} up to {@code end}. */
  sealed interface Node {
    int start();

    int end();
  }

  record Scalar(int start, int end) implements Node {}

  record ObjectNode(int start, int end, List<Child> children) implements Node {}

  record ArrayNode(int start, int end, List<Child> children) implements Node {}

  /**
   * A member or an item.
   *
   * @param key as it is meant, or the empty string for an item
   * @param start of the key, or of the item
   * @param comma place of the comma behind it, or -1
   */
  record Child(String key, int start, Node value, int comma) {}

  /** It is not JSON; {@code at} is where that shows. */
  static final class NotJson extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int at;

    NotJson(String message, int at) {
      super(message);
      this.at = at;
    }

    int at() {
      return at;
    }
  }

  /** It may be JSON, but has more values than an edit takes apart. */
  static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLarge(String message) {
      super(message);
    }
  }

  /** The one value of a text. */
  static Node parse(String text) {
    JsonText json = new JsonText(text);
    if (text.startsWith("\u00ef\u00bb\u00bf")) {
      json.at = 3; // a byte order mark
    }
    json.skip();
    Node root = json.value(0);
    json.skip();
    if (json.at < text.length()) {
      throw new NotJson("something follows the value", json.at);
    }
    return root;
  }

  private Node value(int depth) {
    if (depth > MAX_DEPTH) {
      throw new NotJson("nested deeper than " + MAX_DEPTH + " levels", at);
    }
    if (++values > MAX_VALUES) {
      throw new TooLarge("it has more than " + MAX_VALUES + " values");
    }
    char c = peek();
    if (c == '{') {
      return object(depth);
    }
    if (c == '[') {
      return array(depth);
    }
    int start = at;
    if (c == '"') {
      string();
    } else {
      while (at < text.length()
          && ("+-.".indexOf(text.charAt(at)) >= 0 || isWord(text.charAt(at)))) {
        at++;
      }
      String word = text.substring(start, at);
      if (!word.matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
        throw new NotJson("neither a value nor its end", start);
      }
    }
    return new Scalar(start, at);
  }

  private static boolean isWord(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private Node object(int depth) {
    int start = at++;
    List<Child> children = new ArrayList<>();
    for (skip(); peek() != '}'; skip()) {
      int key = at;
      if (peek() != '"') {
        throw new NotJson("a key must be in double quotes", at);
      }
      string();
      String name = JsonStrings.meaning(text.substring(key, at));
      skip();
      expect(':');
      skip();
      Node value = value(depth + 1);
      children.add(new Child(name, key, value, comma('}')));
    }
    at++;
    return new ObjectNode(start, at, children);
  }

  private Node array(int depth) {
    int start = at++;
    List<Child> children = new ArrayList<>();
    for (skip(); peek() != ']'; skip()) {
      Node value = value(depth + 1);
      children.add(new Child("", value.start(), value, comma(']')));
    }
    at++;
    return new ArrayNode(start, at, children);
  }

  /** The comma behind a child, or the end of the list. */
  private int comma(char end) {
    skip();
    if (peek() == ',') {
      return at++;
    }
    if (peek() != end) {
      throw new NotJson("a comma or '" + end + "' is missing", at);
    }
    return -1;
  }

  private void string() {
    int start = at++;
    while (peek() != '"') {
      if (peek() < 0x20) {
        throw new NotJson("a text does not end in its line", start);
      }
      at += peek() == '\\' ? 2 : 1;
    }
    at++;
  }

  private void expect(char c) {
    if (peek() != c) {
      throw new NotJson("'" + c + "' is missing", at);
    }
    at++;
  }

  private char peek() {
    if (at >= text.length()) {
      throw new NotJson("it ends too early", text.length());
    }
    return text.charAt(at);
  }

  private void skip() {
    at = skip(text, at, false);
  }

  /** The next place that is neither white space nor comment; within the line if so wished. */
  static int skip(String text, int from, boolean inLine) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ' ' || c == '\t' || (!inLine && (c == '\n' || c == '\r'))) {
        at++;
      } else if (text.startsWith("//", at)) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
        at -= inLine && at > from && text.charAt(at - 1) == '\r' ? 1 : 0;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw new NotJson("a comment does not end", at);
        }
        if (inLine && text.substring(at, end).indexOf('\n') >= 0) {
          return at;
        }
        at = end + 2;
      } else {
        return at;
      }
    }
    return at;
  }
}
