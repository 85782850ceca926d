package dev.tars.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.EventCodec;
import dev.tars.runner.model.Escape;
import java.time.Instant;
import java.util.Map;

/** An event as one line: its type and its fields. */
final class Events {
  private Events() {}

  /** The same with its time. */
  static String dated(ContextEvent event) {
    return event.at().map(Instant::toString).orElse("") + " " + describe(event);
  }

  private static String describe(ContextEvent event) {
    ObjectNode document = EventCodec.print(event);
    StringBuilder text = new StringBuilder(EventCodec.type(event.what()));
    for (Map.Entry<String, JsonNode> field : document.properties()) {
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
