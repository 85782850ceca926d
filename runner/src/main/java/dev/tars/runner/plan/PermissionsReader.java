package dev.tars.runner.plan;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.policy.PlanPermissions;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a plan says it needs. */
final class PermissionsReader {
  private PermissionsReader() {}

  static PlanPermissions read(YamlMap map) {
    Optional<List<Glob>> write =
        map.has("write") ? Optional.of(Values.globs(map, "write")) : Optional.empty();
    Optional<List<String>> commands =
        map.has("commands") ? Optional.of(map.strings("commands")) : Optional.empty();
    boolean none = map.optionalWord("network", List.of("none")).isPresent();
    Optional<YamlMap> resources = map.optionalMap("resources");
    Optional<ByteCount> memory = resources.flatMap(r -> r.optionalBytes("memory"));
    Optional<Duration> wallClock =
        resources.flatMap(r -> r.optionalDuration("wallClock", ImprovementReader.MAX_TIMEOUT));
    resources.ifPresent(YamlMap::closed);
    map.closed();
    return new PlanPermissions(write, commands, none, memory, wallClock, map.position());
  }
}
