package dev.tars.runner.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.validation.control.Control;
import java.time.Duration;
import java.util.Locale;

/** What a control run says as a part of {@code tars.verdict/v1}: absent if there was none. */
final class ControlJson {
  private ControlJson() {}

  static void write(Control control, ObjectNode gate) {
    if (control.result() != Control.Result.NONE) {
      gate.putObject("control")
          .put("result", control.result().name().toLowerCase(Locale.ROOT))
          .put("red", control.red())
          .put("green", control.green())
          .put("reason", control.reason())
          .put("millis", control.elapsed().toMillis());
    }
  }

  static Control read(JsonNode gate) {
    JsonNode node = gate.get("control");
    return node == null
        ? Control.NONE
        : new Control(
            Control.Result.valueOf(node.required("result").asText().toUpperCase(Locale.ROOT)),
            node.required("red").asInt(),
            node.required("green").asInt(),
            node.required("reason").asText(),
            Duration.ofMillis(node.required("millis").asLong()));
  }
}
