package dev.tars.runner.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** A checked node as JSON. */
final class YamlJson {
  private YamlJson() {}

  static String of(Node node) {
    return json(node).toString();
  }

  private static JsonNode json(Node node) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (node) {
      case MappingNode map -> {
        ObjectNode object = json.objectNode();
        for (NodeTuple tuple : map.getValue()) {
          object.set(((ScalarNode) tuple.getKeyNode()).getValue(), json(tuple.getValueNode()));
        }
        yield object;
      }
      case SequenceNode list -> {
        ArrayNode array = json.arrayNode();
        list.getValue().forEach(item -> array.add(json(item)));
        yield array;
      }
      case ScalarNode scalar -> scalar(scalar);
      default -> throw new IllegalStateException("checked before: " + node.getNodeType());
    };
  }

  private static JsonNode scalar(ScalarNode scalar) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String text = scalar.getValue();
    if (scalar.getTag().equals(Tag.NULL)) {
      return json.nullNode();
    }
    if (scalar.getTag().equals(Tag.BOOL)) {
      return json.booleanNode(Boolean.parseBoolean(text));
    }
    if (scalar.getTag().equals(Tag.INT) && text.matches("-?[0-9]{1,18}")) {
      return json.numberNode(Long.parseLong(text));
    }
    if (scalar.getTag().equals(Tag.FLOAT) && text.matches("-?[0-9]+\\.[0-9]+([eE][-+]?[0-9]+)?")) {
      return json.numberNode(new java.math.BigDecimal(text));
    }
    return json.textNode(text);
  }
}
