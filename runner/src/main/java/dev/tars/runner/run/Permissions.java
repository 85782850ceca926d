package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.PlanPermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan's permissions in a context, so that a review decides under the very same policy. */
final class Permissions {
  private Permissions() {}

  static ObjectNode write(PlanPermissions permissions) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    permissions
        .write()
        .ifPresent(globs -> {
          ArrayNode all = node.putArray("write");
          globs.forEach(g -> all.add(g.text()));
        });
    permissions
        .commands()
        .ifPresent(ids -> {
          ArrayNode all = node.putArray("commands");
          ids.forEach(all::add);
        });
    node.put("networkNone", permissions.networkNone());
    permissions.memory().ifPresent(m -> node.put("memory", m.bytes()));
    permissions.wallClock().ifPresent(w -> node.put("wallClockMillis", w.toMillis()));
    node.put("file", permissions.at().file()).put("line", permissions.at().line());
    return node;
  }

  static PlanPermissions read(JsonNode node) {
    return new PlanPermissions(
        texts(node, "write").map(all -> all.stream().<Glob>map(Globs::compile).toList()),
        texts(node, "commands"),
        node.path("networkNone").asBoolean(),
        node.has("memory")
            ? Optional.of(new ByteCount(node.path("memory").asLong()))
            : Optional.empty(),
        node.has("wallClockMillis")
            ? Optional.of(Duration.ofMillis(node.path("wallClockMillis").asLong()))
            : Optional.empty(),
        new SourcePosition(node.path("file").asText(), node.path("line").asInt(), 0));
  }

  private static Optional<List<String>> texts(JsonNode node, String field) {
    if (!node.has(field)) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    node.path(field).forEach(t -> texts.add(t.asText()));
    return Optional.of(texts);
  }
}
