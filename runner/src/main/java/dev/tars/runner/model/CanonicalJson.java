package dev.tars.runner.model;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * One byte sequence for one JSON value: keys sorted by code unit, no white space, UTF-8, whole
 * numbers only. What is hashed or chained goes through here.
 */
public final class CanonicalJson {
  private CanonicalJson() {}

  public static byte[] bytes(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  public static Digest digest(JsonNode value) {
    return Digest.of(bytes(value));
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void write(JsonNode node, StringBuilder out) {
    switch (node.getNodeType()) {
      case OBJECT -> writeObject((ObjectNode) node, out);
      case ARRAY -> {
        out.append('[');
        for (int i = 0; i < node.size(); i++) {
          if (i > 0) {
            out.append(',');
          }
          write(node.get(i), out);
        }
        out.append(']');
      }
      case NUMBER -> {
        if (!node.isIntegralNumber()) {
          throw new IllegalArgumentException("canonical JSON has whole numbers only: " + node);
        }
        if (node.canConvertToLong()) {
          out.append(node.longValue());
        } else {
          out.append(node.bigIntegerValue());
        }
      }
      case STRING -> quote(node.textValue(), out);
      case BOOLEAN, NULL -> out.append(node.asText());
      default -> throw new IllegalArgumentException("no canonical form: " + node.getNodeType());
    }
  }

  private static void writeObject(ObjectNode node, StringBuilder out) {
    java.util.TreeMap<String, JsonNode> sorted = new java.util.TreeMap<>();
    node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
    out.append('{');
    Iterator<Map.Entry<String, JsonNode>> fields = sorted.entrySet().iterator();
    while (fields.hasNext()) {
      Map.Entry<String, JsonNode> field = fields.next();
      quote(field.getKey(), out);
      out.append(':');
      write(field.getValue(), out);
      if (fields.hasNext()) {
        out.append(',');
      }
    }
    out.append('}');
  }

  /** Appends the text as a JSON string, with its quotation marks. */
  public static void quote(String text, StringBuilder out) {
    out.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, out);
    out.append('"');
  }
}
