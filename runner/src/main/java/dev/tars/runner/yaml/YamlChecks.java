package dev.tars.runner.yaml;

import dev.tars.runner.model.Escape;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What holds for every node of a file, before anybody asks what it means. */
final class YamlChecks {
  private final String name;
  private final YamlBounds bounds;
  private final Problems problems;
  private final IdentityHashMap<Node, Boolean> seen = new IdentityHashMap<>();
  private boolean sound = true;

  private YamlChecks(String name, YamlBounds bounds, Problems problems) {
    this.name = name;
    this.bounds = bounds;
    this.problems = problems;
  }

  /** False if the structure is not plain maps, lists and scalars, so that nobody may read on. */
  static boolean check(Node root, String name, YamlBounds bounds, Problems problems) {
    YamlChecks checks = new YamlChecks(name, bounds, problems);
    checks.node(root, 0);
    return checks.sound;
  }

  private void node(Node node, int depth) {
    if (seen.put(node, true) != null || node.getAnchor().isPresent()) {
      broken(node, "anchors and aliases are not accepted", "write the value out");
      return;
    }
    if (depth > bounds.depth()) {
      broken(node, "nested deeper than " + bounds.depth() + " levels", "make it flatter");
      return;
    }
    if (seen.size() > bounds.nodes()) {
      broken(node, "more than " + bounds.nodes() + " values", "split the file");
      return;
    }
    switch (node) {
      case MappingNode map -> map(map, depth);
      case SequenceNode list -> {
        tag(node, Tag.SEQ);
        for (Node child : list.getValue()) {
          if (problems.count() < 100) {
            node(child, depth + 1);
          }
        }
      }
      case ScalarNode scalar -> scalarTag(scalar);
      default -> broken(node, "an unknown kind of node", "use maps, lists and scalars");
    }
  }

  private void map(MappingNode map, int depth) {
    tag(map, Tag.MAP);
    Map<String, Node> keys = new HashMap<>();
    for (NodeTuple tuple : map.getValue()) {
      Node key = tuple.getKeyNode();
      if (!(key instanceof ScalarNode scalar)) {
        broken(key, "a key must be a plain word", "write 'key: value'");
        continue;
      }
      seen.put(key, true);
      String text = scalar.getValue();
      characters(scalar);
      if (text.equals("<<")) {
        broken(key, "merge keys are not accepted", "write the values out");
      }
      Node before = keys.put(text, key);
      if (before != null) {
        problems.add(
            YamlReader.position(key.getStartMark(), name),
            "the key '"
                + Escape.line(text)
                + "' stands twice; first in line "
                + YamlReader.position(before.getStartMark(), name).line(),
            "keep one of them");
      }
      node(tuple.getValueNode(), depth + 1);
    }
  }

  private void tag(Node node, Tag plain) {
    if (!node.getTag().equals(plain)) {
      broken(
          node,
          "the tag " + Escape.line(node.getTag().getValue()) + " is not accepted",
          "take the tag out");
    }
  }

  /** An escape can spell NUL, or half of a character; no file, name or argument can hold these. */
  private void characters(ScalarNode node) {
    boolean half =
        node.getValue()
            .codePoints()
            .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    if (node.getValue().indexOf('\0') >= 0) {
      broken(node, "a value has a NUL", "take it out: no name, argument or path can hold one");
    }
    if (half) {
      broken(
          node,
          "a value has half of a surrogate pair, which is no character",
          "write the character itself, or the bytes in base64");
    }
  }

  private void scalarTag(ScalarNode node) {
    characters(node);
    String tag = node.getTag().getValue();
    boolean core = tag.startsWith("tag:yaml.org,2002:") && !node.getTag().equals(Tag.BINARY);
    boolean resolved =
        node.getTag().equals(Tag.STR)
            || node.getTag().equals(Tag.INT)
            || node.getTag().equals(Tag.FLOAT)
            || node.getTag().equals(Tag.BOOL)
            || node.getTag().equals(Tag.NULL);
    if (!core || !resolved) {
      broken(node, "the tag " + Escape.line(tag) + " is not accepted", "take the tag out");
    }
  }

  private void broken(Node node, String what, String fix) {
    sound = false;
    problems.add(YamlReader.position(node.getStartMark(), name), what, fix);
  }
}
