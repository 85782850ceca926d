package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code environment} section. */
final class EnvironmentReader {
  private EnvironmentReader() {}

  static void read(YamlMap map, PolicyLayer layer) {
    layer.decidesEnvironment = true;
    layer.sections.put("environment", map.position());
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
            Optional<RuleMatch> steers = HardLimits.variable(name);
            steers.ifPresent(
                s -> m.problem(name, name + " cannot be set: " + s.reason(), "take it out"));
            m.placedString(name)
                .ifPresent(
                    v -> layer.environment.put(name, new PolicyLayer.Placed<>(v.text(), v.at())));
          }
        });
    layer.planMaySet = layer.planMaySet.and(patterns(map, "planMaySet"));
    layer.denyVariables = layer.denyVariables.and(patterns(map, "deny"));
    map.closed();
  }

  private static List<PolicyLayer.Placed<String>> patterns(YamlMap map, String key) {
    List<PolicyLayer.Placed<String>> patterns = new ArrayList<>();
    for (YamlMap.Placed pattern : map.placedStrings(key)) {
      if (!pattern.text().matches("[A-Za-z_*][A-Za-z0-9_*]*")) {
        map.problems()
            .add(
                pattern.at(),
                "'" + Escape.line(pattern.text()) + "' matches no name of a variable",
                "use letters, digits, '_' and '*'");
      }
      patterns.add(new PolicyLayer.Placed<>(pattern.text(), pattern.at()));
    }
    return patterns;
  }
}
