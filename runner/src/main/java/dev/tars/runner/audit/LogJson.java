package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON of the log. */
final class LogJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private LogJson() {}

  static ObjectNode parse(byte[] bytes) {
    try {
      if (MAPPER.readTree(bytes) instanceof ObjectNode node) {
        return node;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON", e);
    }
    throw new IllegalArgumentException("not an object");
  }

  static ObjectNode object(JsonNode parent, String field) {
    if (parent.get(field) instanceof ObjectNode node) {
      return node;
    }
    throw new IllegalArgumentException("no " + field);
  }
}
