package dev.tars.runner.yaml;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.comments.CommentLine;
import org.snakeyaml.engine.v2.comments.CommentType;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Lays a document out in one way: two spaces, one space before a comment, flow collections that fit
 * on their line, blocks where they do not. Comments stay with what they stand at, and a scalar
 * keeps its own spelling. The caller must check that the meaning is the same.
 */
public final class YamlLayout {
  private static final int WIDTH = 120;

  private final int[][] lines;
  private final StringBuilder out = new StringBuilder();

  private YamlLayout(String text) {
    this.lines = text.lines().map(l -> l.codePoints().toArray()).toArray(int[][]::new);
  }

  /** Lays out a document that {@link YamlReader} accepts; keys keep their order. */
  public static String format(String text) {
    LoadSettings settings = LoadSettings.builder().setParseComments(true).setUseMarks(true).build();
    Node root = new Compose(settings).composeString(text).orElseThrow();
    YamlLayout layout = new YamlLayout(text);
    layout.comments(root.getBlockComments(), 0);
    if (root instanceof MappingNode map) {
      layout.map(map.getValue(), 0, false);
    } else {
      layout.out.append(layout.flow(root)).append('\n');
    }
    layout.comments(Optional.ofNullable(root.getEndComments()).orElse(List.of()), 0);
    return layout.out.toString().replaceAll("\n\n\n+", "\n\n").strip() + "\n";
  }

  /** The texts of all comments, sorted: layout may move them, never lose or change one. */
  public static List<String> comments(String text) {
    LoadSettings settings = LoadSettings.builder().setParseComments(true).build();
    List<String> found = new ArrayList<>();
    new org.snakeyaml.engine.v2.api.lowlevel.Parse(settings)
        .parseString(text)
        .forEach(event -> {
          if (event instanceof org.snakeyaml.engine.v2.events.CommentEvent comment
              && comment.getCommentType() != CommentType.BLANK_LINE) {
            found.add(comment.getValue().strip());
          }
        });
    return found.stream().sorted().toList();
  }

  // ---- blocks

  /** {@code inItem}: the first key stands behind the dash of a list item. */
  private void map(List<NodeTuple> tuples, int indent, boolean inItem) {
    boolean first = inItem;
    for (NodeTuple tuple : tuples) {
      Node key = tuple.getKeyNode();
      if (first) {
        first = false;
      } else {
        comments(key.getBlockComments(), indent);
        out.append(" ".repeat(indent));
      }
      out.append(flow(key)).append(':');
      value(tuple.getValueNode(), indent, key.getInLineComments());
    }
  }

  private void value(
      Node value, int indent, @org.jspecify.annotations.Nullable List<CommentLine> atKey) {
    List<CommentLine> behind = new ArrayList<>();
    if (atKey != null) {
      behind.addAll(atKey);
    }
    if (fits(value, currentColumn())) {
      behind.addAll(inLine(value));
      String text = flow(value);
      out.append(text.isEmpty() ? "" : " ").append(text);
      behind(behind);
      return;
    }
    if (value instanceof ScalarNode scalar) {
      behind.addAll(inLine(value));
      block(scalar, indent + 2, behind);
      return;
    }
    // What stands behind "key:" is read as a comment of the first thing below it.
    List<CommentLine> above = above(value);
    List<CommentLine> rest = new ArrayList<>(above);
    if (value.getStartMark().isPresent() && !above.isEmpty() && !isFlow(value)) {
      CommentLine candidate = above.getFirst();
      if (candidate.getCommentType() == CommentType.IN_LINE) {
        behind.add(candidate);
        rest.removeFirst();
      }
    }
    if (isFlow(value)) {
      behind.addAll(inLine(value));
    }
    behind(behind);
    comments(rest, indent + 2);
    children(value, indent + 2);
    if (!isFlow(value)) {
      comments(inLine(value), indent + 2);
    }
    comments(Optional.ofNullable(value.getEndComments()).orElse(List.of()), indent + 2);
  }

  private void children(Node value, int indent) {
    switch (value) {
      case MappingNode map -> map(map.getValue(), indent, false);
      case SequenceNode list -> {
        for (Node item : list.getValue()) {
          item(item, indent);
        }
      }
      default -> throw new IllegalStateException("a scalar has no children");
    }
  }

  private void item(Node item, int indent) {
    boolean fits = fits(item, indent + 1);
    if (item instanceof MappingNode map && !fits) {
      comments(item.getBlockComments(), indent);
      List<NodeTuple> tuples = map.getValue();
      comments(tuples.getFirst().getKeyNode().getBlockComments(), indent);
      out.append(" ".repeat(indent)).append("- ");
      map(tuples, indent + 2, true);
      comments(inLine(item), indent + 2);
      return;
    }
    comments(item.getBlockComments(), indent);
    out.append(" ".repeat(indent)).append('-');
    if (item instanceof SequenceNode list && !fits) {
      out.append('\n');
      for (Node inner : list.getValue()) {
        item(inner, indent + 2);
      }
      return;
    }
    value(item, indent, List.of());
  }

  private void block(ScalarNode scalar, int indent, List<CommentLine> behind) {
    String value = scalar.getValue();
    boolean plain =
        value.lines().noneMatch(l -> l.isBlank() && !l.isEmpty()) && !value.startsWith(" ");
    String body = value.replaceAll("\n+$", "");
    if (!plain || body.isEmpty() || body.startsWith("\n") || value.length() > body.length() + 1) {
      out.append(' ').append(quoted(value));
      behind(behind);
      return;
    }
    out.append(value.endsWith("\n") ? " |" : " |-");
    behind(behind);
    for (String line : body.split("\n", -1)) {
      out.append(line.isEmpty() ? "" : " ".repeat(indent)).append(line).append('\n');
    }
  }

  // ---- comments

  private void comments(@org.jspecify.annotations.Nullable List<CommentLine> comments, int indent) {
    if (comments == null) {
      return;
    }
    for (CommentLine comment : comments) {
      if (comment.getCommentType() == CommentType.BLANK_LINE) {
        out.append('\n');
      } else {
        out.append(" ".repeat(indent)).append('#').append(comment.getValue().stripTrailing());
        out.append('\n');
      }
    }
  }

  private void behind(List<CommentLine> comments) {
    StringBuilder text = new StringBuilder();
    for (CommentLine comment : comments) {
      if (comment.getCommentType() != CommentType.BLANK_LINE) {
        text.append(text.isEmpty() ? " #" : " ").append(comment.getValue().stripTrailing());
      }
    }
    out.append(text).append('\n');
  }

  private static List<CommentLine> inLine(Node node) {
    return Optional.ofNullable(node.getInLineComments()).orElse(List.of());
  }

  private static List<CommentLine> above(Node node) {
    return Optional.ofNullable(node.getBlockComments()).orElse(List.of());
  }

  // ---- on one line

  private boolean fits(Node node, int column) {
    if (node instanceof ScalarNode scalar) {
      return !scalar.getValue().contains("\n");
    }
    return (isFlow(node) || isEmpty(node))
        && !hasComments(node)
        && column + 1 + flow(node).length() <= WIDTH;
  }

  private int currentColumn() {
    return out.length() - (out.lastIndexOf("\n") + 1);
  }

  private static boolean isEmpty(Node node) {
    return switch (node) {
      case MappingNode map -> map.getValue().isEmpty();
      case SequenceNode list -> list.getValue().isEmpty();
      default -> false;
    };
  }

  private static boolean isFlow(Node node) {
    return switch (node) {
      case MappingNode map -> map.getFlowStyle() == FlowStyle.FLOW;
      case SequenceNode list -> list.getFlowStyle() == FlowStyle.FLOW;
      default -> true;
    };
  }

  /** True if a comment stands inside, where one line has no place for it. */
  private static boolean hasComments(Node node) {
    List<Node> inside = new ArrayList<>();
    switch (node) {
      case MappingNode map ->
          map.getValue().forEach(t -> inside.addAll(List.of(t.getKeyNode(), t.getValueNode())));
      case SequenceNode list -> inside.addAll(list.getValue());
      default -> {}
    }
    return inside.stream()
        .anyMatch(n -> !said(above(n)).isEmpty() || !said(inLine(n)).isEmpty() || hasComments(n));
  }

  private static List<CommentLine> said(List<CommentLine> comments) {
    return comments.stream().filter(c -> c.getCommentType() != CommentType.BLANK_LINE).toList();
  }

  private String flow(Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case MappingNode map -> {
        List<String> pairs = new ArrayList<>();
        for (NodeTuple t : map.getValue()) {
          pairs.add(flow(t.getKeyNode()) + ": " + flow(t.getValueNode()));
        }
        yield pairs.isEmpty() ? "{}" : "{ " + String.join(", ", pairs) + " }";
      }
      case SequenceNode list ->
          "[" + String.join(", ", list.getValue().stream().map(this::flow).toList()) + "]";
      default -> throw new IllegalStateException("unknown node");
    };
  }

  /** As it was written where it stands on one line. */
  private String scalar(ScalarNode scalar) {
    Optional<Mark> start = scalar.getStartMark();
    Optional<Mark> end = scalar.getEndMark();
    boolean oneLine =
        start.isPresent() && end.isPresent() && start.get().getLine() == end.get().getLine();
    if (!oneLine || scalar.getValue().contains("\n")) {
      return quoted(scalar.getValue());
    }
    if (scalar.isPlain() && scalar.getValue().isEmpty()) {
      return "";
    }
    int[] line = lines[start.get().getLine()];
    int from = start.get().getColumn();
    int to = Math.min(line.length, end.get().getColumn());
    return new String(line, from, to - from).strip();
  }

  private static String quoted(String value) {
    return JsonNodeFactory.instance.textNode(value).toString();
  }
}
