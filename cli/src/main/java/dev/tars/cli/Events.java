package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Escape;
import java.util.Map;

/** An event as one line: its type and its fields. */
final class Events {
  private Events() {}

  /** The same with its time. */
  static String dated(ObjectNode event) {
    return Escape.line(event.path("time").asText()) + " " + describe(event);
  }

  static String describe(ObjectNode event) {
    StringBuilder text = new StringBuilder(Escape.line(event.path("type").asText()));
    for (Map.Entry<String, JsonNode> field : event.properties()) {
      switch (field.getKey()) {
        case "seq", "time", "type", "context" -> {}
        default -> {
          JsonNode value = field.getValue();
          String shown = value.isValueNode() ? value.asText() : value.toString();
          text.append(' ')
              .append(Escape.line(field.getKey()))
              .append('=')
              .append(Escape.line(shown));
        }
      }
    }
    return text.toString();
  }
}
