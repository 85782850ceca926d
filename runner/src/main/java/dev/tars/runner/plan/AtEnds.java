package dev.tars.runner.plan;

/** Text before the first and after the last line of a text; one character is one byte. */
final class AtEnds {
  private static final String BYTE_ORDER_MARK = Edits.raw("\uFEFF");

  private AtEnds() {}

  /** A last line without an end gets one as the text has it, so that it is not joined to. */
  static String append(String text, String more, Edits.Place place) {
    String end = more.isEmpty() || !endsOpen(text) ? "" : text.contains("\r\n") ? "\r\n" : "\n";
    Edits.bounded((long) text.length() + end.length() + more.length(), place);
    return text + end + more;
  }

  /** True for a last line without an end; what holds a zero byte has no lines. */
  private static boolean endsOpen(String text) {
    boolean empty = text.isEmpty() || text.equals(BYTE_ORDER_MARK);
    return !empty && !text.endsWith("\n") && text.indexOf(0) < 0;
  }

  /** A byte order mark stays the first character. */
  static String prepend(String text, String more, Edits.Place place) {
    Edits.bounded((long) text.length() + more.length(), place);
    int mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
    return text.substring(0, mark) + more + text.substring(mark);
  }
}
