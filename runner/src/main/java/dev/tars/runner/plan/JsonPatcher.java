package dev.tars.runner.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** RFC 6902 on the text of a JSON file: comments, layout and the text of numbers stay. */
final class JsonPatcher {
  /** Every operation reads the whole text. */
  private static final long MAX_READ = 256L << 20;

  private final Edits.Place place;
  private String text;

  private JsonPatcher(String text, Edits.Place place) {
    this.text = text;
    this.place = place;
  }

  /** All operations or none; {@code text} has one character a byte. */
  static String apply(String text, FileEdit.JsonPatch patch, Edits.Place place) {
    JsonPatcher patcher = new JsonPatcher(text, place);
    long read = 0;
    for (int i = 0; i < patch.operations().size(); i++) {
      read += patcher.text.length();
      if (read > MAX_READ) {
        throw RunnerException.of(
                FailureCode.RESOURCE_LIMIT,
                "too many operations for a file of "
                    + patcher.text.length()
                    + " bytes ("
                    + place
                    + ")")
            .at(place.at())
            .note("nothing was changed")
            .help("use fewer operations, or a replace edit");
      }
      JsonNode operation = JsonStrings.operation(patch.operations().get(i));
      try {
        patcher.one(operation);
      } catch (JsonText.TooLarge e) {
        throw patcher.error(
            FailureCode.RESOURCE_LIMIT,
            "the file is too large for a jsonPatch: " + e.getMessage(),
            patcher.text.length() + " bytes");
      } catch (JsonText.NotJson e) {
        throw patcher.error(
            FailureCode.EDIT_CONFLICT,
            "the file is not JSON: " + Escape.line(String.valueOf(e.getMessage())),
            "line " + Edits.lineOf(patcher.text, Math.min(e.at(), patcher.text.length())));
      }
    }
    return patcher.text;
  }

  private void one(JsonNode operation) {
    String path = operation.path("path").asText();
    switch (operation.path("op").asText()) {
      case "test" -> test(path, operation.get("value"));
      case "add" -> add(path, JsonStrings.text(operation.get("value")));
      case "replace" -> {
        JsonText.Node target = find(path);
        splice(target.start(), target.end(), JsonStrings.text(operation.get("value")));
      }
      case "remove" -> remove(path);
      case "copy" -> add(path, part(find(operation.path("from").asText())));
      case "move" -> {
        String from = operation.path("from").asText();
        String moved = part(find(from));
        if (path.startsWith(from + "/")) {
          throw error(FailureCode.EDIT_CONFLICT, "a value cannot move into itself", from);
        }
        if (!path.equals(from)) {
          remove(from);
          add(path, moved);
        }
      }
      default -> throw new IllegalStateException("checked at load");
    }
  }

  private String part(JsonText.Node node) {
    return text.substring(node.start(), node.end());
  }

  private void splice(int start, int end, String with) {
    Edits.bounded((long) text.length() - (end - start) + with.length(), place);
    text = text.substring(0, start) + with + text.substring(end);
  }

  private void test(String path, JsonNode wanted) {
    JsonText.Node found = find(path);
    if (!JsonStrings.same(JsonStrings.tree(part(found)), wanted)) {
      throw error(
          FailureCode.EDIT_NOMATCH,
          "the value at " + shown(path) + " is not " + Escape.line(brief(wanted.toString())),
          "line " + Edits.lineOf(text, found.start()) + " has " + utf8(brief(part(found))));
    }
  }

  private static String brief(String text) {
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }

  private static String utf8(String raw) {
    return Escape.line(
        new String(raw.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }

  // ---- finding

  private JsonText.Node find(String pointer) {
    JsonText.Node node = JsonText.parse(text);
    String so = "";
    for (String token : tokens(pointer)) {
      node = children(node, so).get(index(node, token, so)).value();
      so = so + "/" + token;
    }
    return node;
  }

  private static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    if (!pointer.isEmpty()) {
      for (String token : pointer.substring(1).split("/", -1)) {
        tokens.add(token.replace("~1", "/").replace("~0", "~"));
      }
    }
    return tokens;
  }

  private List<JsonText.Child> children(JsonText.Node node, String at) {
    return switch (node) {
      case JsonText.ObjectNode o -> o.children();
      case JsonText.ArrayNode a -> a.children();
      case JsonText.Scalar _ ->
          throw error(
              FailureCode.EDIT_NOMATCH,
              "the value at " + shown(at) + " is neither an object nor an array",
              "line " + Edits.lineOf(text, node.start()));
    };
  }

  /** The one child that a token names. */
  private int index(JsonText.Node node, String token, String at) {
    List<JsonText.Child> children = children(node, at);
    if (node instanceof JsonText.ArrayNode) {
      int index = token.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(token) : -1;
      if (index < 0 || index >= children.size()) {
        throw error(
            FailureCode.EDIT_NOMATCH,
            "the array at " + shown(at) + " has no item " + Escape.line(token),
            "it has " + children.size() + " items");
      }
      return index;
    }
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      if (children.get(i).key().equals(token)) {
        found.add(i);
      }
    }
    if (found.size() > 1) {
      throw error(
          FailureCode.EDIT_CONFLICT,
          "the key " + Escape.line(token) + " stands twice in " + shown(at),
          "line " + Edits.lineOf(text, children.get(found.get(1)).start()));
    }
    if (found.isEmpty()) {
      List<String> keys = children.stream().map(JsonText.Child::key).toList();
      throw error(
          FailureCode.EDIT_NOMATCH,
          "the object at " + shown(at) + " has no key " + Escape.line(token),
          Nearest.of(token, keys)
              .map(n -> "nearest: " + Escape.line(n))
              .orElse("it stands in line " + Edits.lineOf(text, node.start())));
    }
    return found.getFirst();
  }

  // ---- changing

  private void add(String pointer, String value) {
    if (pointer.isEmpty()) {
      JsonText.Node root = JsonText.parse(text);
      splice(root.start(), root.end(), value);
      return;
    }
    int slash = pointer.lastIndexOf('/');
    JsonText.Node parent = find(pointer.substring(0, slash));
    String token = tokens(pointer).getLast();
    List<JsonText.Child> children = children(parent, pointer.substring(0, slash));
    if (parent instanceof JsonText.ObjectNode) {
      boolean there = children.stream().anyMatch(c -> c.key().equals(token));
      if (there) {
        JsonText.Node old = find(pointer);
        splice(old.start(), old.end(), value);
        return;
      }
      String key = JsonStrings.text(com.fasterxml.jackson.databind.node.TextNode.valueOf(token));
      append(parent, children, key + colon(children) + value);
      return;
    }
    boolean last = token.equals("-") || token.equals(String.valueOf(children.size()));
    if (last) {
      append(parent, children, value);
    } else {
      JsonText.Child next = children.get(index(parent, token, pointer.substring(0, slash)));
      splice(next.start(), next.start(), value + "," + gapBefore(next));
    }
  }

  /** How this object writes what stands between key and value. */
  private String colon(List<JsonText.Child> children) {
    if (children.isEmpty()) {
      return ": ";
    }
    JsonText.Child last = children.getLast();
    String between = text.substring(last.start(), last.value().start());
    String colon = between.substring(between.lastIndexOf('"') + 1);
    return colon.matches("[ \t]*:[ \t]*") ? colon : ": ";
  }

  private void append(JsonText.Node parent, List<JsonText.Child> children, String child) {
    if (children.isEmpty()) {
      splice(parent.start() + 1, parent.start() + 1, child);
      return;
    }
    JsonText.Child last = children.getLast();
    String gap = gapBefore(last);
    int behind = last.comma() >= 0 ? last.comma() + 1 : last.value().end();
    // A comment in the same line belongs to the value before it.
    int insert = gap.indexOf('\n') >= 0 ? JsonText.skip(text, behind, true) : behind;
    insert = Math.min(insert, parent.end() - 1);
    splice(insert, insert, gap + child + (last.comma() >= 0 ? "," : ""));
    if (last.comma() < 0) {
      splice(last.value().end(), last.value().end(), ",");
    }
  }

  /** White space in front of a child: a line break and its indentation, or a space, or nothing. */
  private String gapBefore(JsonText.Child child) {
    int from = child.start();
    while (from > 0 && " \t\r\n".indexOf(text.charAt(from - 1)) >= 0) {
      from--;
    }
    String gap = text.substring(from, child.start());
    int line = gap.lastIndexOf('\n');
    if (line < 0) {
      return gap.isEmpty() && "{[".indexOf(text.charAt(from - 1)) >= 0 ? " " : gap;
    }
    boolean crlf = line > 0 && gap.charAt(line - 1) == '\r';
    return gap.substring(crlf ? line - 1 : line);
  }

  private void remove(String pointer) {
    if (pointer.isEmpty()) {
      throw error(
          FailureCode.EDIT_CONFLICT, "the whole value cannot be removed", "use FileDeletion");
    }
    int slash = pointer.lastIndexOf('/');
    JsonText.Node parent = find(pointer.substring(0, slash));
    List<JsonText.Child> children = children(parent, pointer.substring(0, slash));
    int index = index(parent, tokens(pointer).getLast(), pointer.substring(0, slash));
    JsonText.Child child = children.get(index);
    if (child.comma() >= 0) {
      int end = child.comma() + 1;
      boolean gap = text.substring(child.value().end(), child.comma()).isBlank();
      cut(child.start(), gap ? end : child.value().end());
      if (!gap) { // a comment stands between value and comma: it stays, the comma goes
        int comma = text.indexOf(',', child.start());
        splice(comma, comma + 1, "");
      }
      return;
    }
    cut(child.start(), child.value().end());
    if (index > 0) {
      int comma = children.get(index - 1).comma();
      splice(comma, comma + 1, "");
    }
  }

  /** Takes a part out; with its line if nothing else is left there, else with the space behind. */
  private void cut(int start, int end) {
    int from = start;
    while (from > 0 && " \t".indexOf(text.charAt(from - 1)) >= 0) {
      from--;
    }
    int to = end;
    while (to < text.length() && " \t\r".indexOf(text.charAt(to)) >= 0) {
      to++;
    }
    boolean wholeLine =
        (from == 0 || text.charAt(from - 1) == '\n')
            && (to == text.length() || text.charAt(to) == '\n');
    if (wholeLine) {
      splice(from, Math.min(to + 1, text.length()), "");
      return;
    }
    boolean closes = to < text.length() && "}]".indexOf(text.charAt(to)) >= 0;
    splice(closes ? from : start, closes ? end : to, "");
  }

  private static String shown(String pointer) {
    return pointer.isEmpty() ? "the top" : Escape.line(pointer);
  }

  private RunnerException error(FailureCode code, String what, String note) {
    return RunnerException.of(code, what + " (" + place + ")")
        .at(place.at())
        .note(note)
        .note("nothing was changed")
        .help("make the operation again for the file as it is");
  }
}
