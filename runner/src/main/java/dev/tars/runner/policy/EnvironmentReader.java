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
    map.optionalMap("set")
        .ifPresent(m -> {
          for (String name : m.names()) {
            m.optionalString(name).ifPresent(v -> layer.environment.put(name, v));
          }
        });
    layer.planMaySet = new NamePatterns(map.strings("planMaySet"));
    layer.denyVariables = new NamePatterns(map.strings("deny"));
    map.closed();
  }
}
