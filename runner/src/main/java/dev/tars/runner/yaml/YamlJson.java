package dev.tars.runner.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
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
  private static final String NUMBER = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?";
  private static final int MAX_NUMBER = 200;

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
    boolean number = scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT);
    if (number && text.length() <= MAX_NUMBER && text.matches(NUMBER)) {
      // The digits stay as they are written: 1.50 is not 1.5 to everybody.
      return text.matches("-?[0-9]+")
          ? json.numberNode(new java.math.BigInteger(text))
          : DecimalNode.valueOf(new java.math.BigDecimal(text));
    }
    return json.textNode(text);
  }
}
