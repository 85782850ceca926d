package dev.tars.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.plan.Improvements;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import java.nio.file.Path;
import java.util.List;

/** {@code tars.improvements/v1} and {@code tars.improvement/v1}. */
final class ImproveJson {
  private ImproveJson() {}

  static ObjectNode list(List<Improvements.Entry> entries) {
    ObjectNode document =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.improvements/v1");
    ArrayNode all = document.putArray("improvements");
    entries.forEach(e -> all.addObject().put("id", e.id()).put("title", e.title()));
    return document;
  }

  /** {@code tars.improvement-file/v1}: what was written where. */
  static ObjectNode made(String id, Path file) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("schema", "tars.improvement-file/v1")
        .put("id", id)
        .put("file", file.toString());
  }

  static ObjectNode plan(Plan plan) {
    ObjectNode document =
        JsonNodeFactory.instance.objectNode().put("schema", "tars.improvement/v1");
    document.put("id", plan.id()).put("title", plan.description().title());
    document.put("file", plan.file()).put("digest", plan.digest().toString());
    ArrayNode steps = document.putArray("steps");
    for (Step step : plan.steps()) {
      ObjectNode node = steps.addObject().put("id", step.id()).put("type", step.type().id());
      ArrayNode dependsOn = node.putArray("dependsOn");
      step.dependsOn().forEach(d -> dependsOn.add(d.step()));
    }
    return document;
  }
}
