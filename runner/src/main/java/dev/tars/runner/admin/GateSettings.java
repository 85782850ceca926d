package dev.tars.runner.admin;

import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.yaml.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The gates of a policy as a value that two policies can be compared in. */
final class GateSettings {
  private GateSettings() {}

  static Settings.Setting of(List<Gate> gates) {
    Map<String, Settings.Item> items = new TreeMap<>();
    for (Gate gate : gates) {
      items.put(
          "[" + gate.id() + "]",
          new Settings.Item(Direction.MORE_IS_NARROWER, shown(gate), parts(gate)));
    }
    return Settings.setting("validation.gates", items);
  }

  private static String shown(Gate gate) {
    return switch (gate) {
      case Gate.Command c -> c.argv() + " in " + Durations.show(c.timeout());
      case Gate.Tests t ->
          t.argv()
              + " reports "
              + t.reports()
              + " minTests "
              + t.minTests()
              + " maxFailures "
              + t.maxFailures()
              + " reruns "
              + t.reruns()
              + " in "
              + Durations.show(t.timeout());
      case Gate.Expression e -> e.cel().text();
    };
  }

  private static Map<String, Part> parts(Gate gate) {
    Map<String, Part> parts = new LinkedHashMap<>();
    switch (gate) {
      case Gate.Command c -> {
        boolean compiles = c.kind() == Gate.Command.Kind.COMPILATION;
        parts.put(".type", new Part.Words(compiles ? "Compilation" : "CommandExecution"));
        command(parts, c.argv(), c.timeout());
      }
      case Gate.Tests t -> {
        parts.put(".type", new Part.Words("TestExecution"));
        command(parts, t.argv(), t.timeout());
        parts.put(
            ".reports",
            new Part.Names(
                t.reports().stream().map(Glob::text).collect(Collectors.toSet()),
                Direction.UNCLEAR));
        parts.put(".minTests", level(t.minTests(), Direction.MORE_IS_NARROWER));
        parts.put(".maxFailures", level(t.maxFailures(), Direction.MORE_IS_WIDER));
        parts.put(".reruns", level(t.reruns(), Direction.MORE_IS_WIDER));
      }
      case Gate.Expression e -> {
        parts.put(".type", new Part.Words("Expression"));
        parts.put(".cel", new Part.Words(e.cel().text().strip()));
      }
    }
    return parts;
  }

  private static void command(Map<String, Part> parts, List<String> argv, Duration timeout) {
    parts.put(".argv", new Part.Words(argv.toString()));
    parts.put(
        ".timeout",
        new Part.Level(timeout.toMillis(), Direction.MORE_IS_WIDER, Durations.show(timeout)));
  }

  private static Part level(int number, Direction direction) {
    return new Part.Level(number, direction, Integer.toString(number));
  }
}
