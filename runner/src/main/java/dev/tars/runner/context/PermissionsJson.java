package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.Globs;
import dev.tars.runner.policy.PlanPermissions;
import java.time.Duration;
import java.util.List;

/** A plan's permissions in a context, so that a review decides under the very same policy. */
final class PermissionsJson {
  private PermissionsJson() {}

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

  static PlanPermissions read(JsonFields fields) {
    return new PlanPermissions(
        fields.maybe("write", f -> globs(fields, f)),
        fields.maybe("commands", fields::texts),
        fields.flag("networkNone"),
        fields.maybe("memory", f -> new ByteCount(fields.number(f))),
        fields.maybe("wallClockMillis", f -> Duration.ofMillis(fields.number(f))),
        new SourcePosition(fields.text("file"), fields.count("line"), 0));
  }

  private static List<Glob> globs(JsonFields fields, String field) {
    try {
      return fields.texts(field).stream().<Glob>map(Globs::compile).toList();
    } catch (IllegalArgumentException e) {
      throw fields.wrong(field, "cannot be read: " + e.getMessage());
    }
  }
}
