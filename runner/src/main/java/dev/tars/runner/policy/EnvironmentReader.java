package dev.tars.runner.policy;

import dev.tars.runner.yaml.YamlMap;

/** The {@code environment} section. */
final class EnvironmentReader {
  private EnvironmentReader() {}

  static void read(YamlMap map, PolicyLayer layer) {
    layer.decidesEnvironment = true;
    if (!map.strings("inherit").isEmpty()) {
      map.problem("inherit", "nothing of the host's environment enters a box", "write inherit: []");
    }
    if (map.has("set") && !layer.trusted) {
      map.problem(
          "set", "the workspace cannot set variables: gates would run with them", "take it out");
    }
    map.optionalMap("set")
        .ifPresent(m -> {
          for (String name : m.names()) {
            m.optionalString(name).ifPresent(v -> layer.environment.put(name, v));
          }
        });
    layer.planMaySet = layer.planMaySet.and(map.strings("planMaySet"));
    layer.denyVariables = layer.denyVariables.and(map.strings("deny"));
    map.closed();
  }
}
