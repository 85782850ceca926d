package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import java.util.ArrayList;
import java.util.List;

/**
 * One difference of two policies.
 *
 * @param subject the rules that decide before and after, or the key
 * @param example a request that flips; empty where none was found
 * @param count how many of the requests that were asked flip in this way
 */
public record Difference(
    Way way, String subject, Side before, Side after, String example, int count) {

  /**
   * One of the two policies.
   *
   * @param text what is decided and by which rule, or what the key says
   * @param at {@code file:line:column}; empty where the file says nothing of it
   */
  public record Side(String text, String at) {
    static final String NOTHING = "nothing";

    /** What no file says. */
    static final Side ABSENT = new Side(NOTHING, "");
  }

  Difference again() {
    return new Difference(way, subject, before, after, example, count + 1);
  }

  void into(ObjectNode node) {
    node.put("way", way.word()).put("subject", subject);
    node.put("before", before.text()).put("beforeAt", before.at());
    node.put("after", after.text()).put("afterAt", after.at());
    node.put("example", example).put("count", count);
  }

  /** Lines for a terminal, escaped. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("%-9s %s".formatted(way.word(), Escape.line(subject)));
    lines.add("          before  " + line(before));
    lines.add("          after   " + line(after));
    if (!example.isEmpty()) {
      String more = count > 1 ? " (and " + (count - 1) + " more like it)" : "";
      lines.add("          example " + example + more);
    }
    return lines;
  }

  /** One line for a terminal, escaped. */
  String line() {
    String more = count > 1 ? " (and " + (count - 1) + " more like it)" : "";
    return "  %-9s %s%s: %s, was %s"
        .formatted(way.word(), example, more, line(after), line(before));
  }

  private static String line(Side side) {
    return Escape.line(side.text())
        + (side.at().isEmpty() ? "" : " (" + Escape.line(side.at()) + ")");
  }
}
