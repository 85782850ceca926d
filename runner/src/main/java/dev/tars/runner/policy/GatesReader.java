package dev.tars.runner.policy;

import dev.tars.runner.expression.Conditions;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.model.Escape;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The sections {@code validation}, {@code testIntegrity} and {@code promotion}. */
final class GatesReader {
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final PolicyLayer layer;
  private final PolicyReader reader;

  GatesReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void validation(YamlMap map) {
    map.optionalBool("cleanRoom")
        .filter(on -> !on)
        .ifPresent(v ->
            map.problem("cleanRoom", "gates always run in a clean room", "write cleanRoom: true"));
    layer.said.read(map, "validation");
    int reruns = map.optionalInt("reruns", 0, 5).orElse(0);
    map.optionalMap("rules").ifPresent(this::rules);
    for (YamlMap gate : map.maps("gates")) {
      gate(gate, reruns).ifPresent(g -> layer.gates.put(g.id(), g));
    }
    map.closed();
  }

  private void rules(YamlMap map) {
    if (!layer.trusted) {
      map.problem(
          "rules",
          "a policy of the workspace cannot say what findings weigh",
          "put validation.rules into a policy outside the workspace");
    }
    for (String rule : map.names()) {
      RuleSeverity.refusal(rule)
          .ifPresent(why -> map.problem(rule, why, "see the static checks of docs/validation.md"));
      map.optionalWord(rule, RuleSeverity.WORDS)
          .ifPresent(word -> layer.ruleSeverities.put(rule, RuleSeverity.of(word)));
    }
  }

  private Optional<Gate> gate(YamlMap map, int reruns) {
    String id = map.string("id");
    if (!id.isEmpty() && !id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      map.problem("id", "a gate's id has letters, digits, '.', '_' and '-'", "choose another id");
    }
    Optional<String> type =
        map.optionalWord(
            "type", List.of("Compilation", "CommandExecution", "TestExecution", "Expression"));
    if (type.isEmpty() && !map.has("type")) {
      map.string("type");
    }
    Duration timeout = map.optionalDuration("timeout", MAX_TIMEOUT).orElse(TIMEOUT);
    List<String> argv = map.strings("argv");
    Optional<Gate> gate =
        type.flatMap(t ->
            switch (t) {
              case "TestExecution" -> Optional.of(tests(map, id, argv, timeout, reruns));
              case "Expression" -> expression(map, id);
              default ->
                  Optional.of(
                      new Gate.Command(
                          id,
                          t.equals("Compilation")
                              ? Gate.Command.Kind.COMPILATION
                              : Gate.Command.Kind.COMMAND,
                          argv,
                          timeout,
                          map.position()));
            });
    if (type.equals(Optional.of("Expression")) && map.has("argv")) {
      map.problem("argv", "an Expression gate runs no command", "take argv out");
    }
    if (argv.isEmpty() && !type.equals(Optional.of("Expression"))) {
      map.problem("argv", "the gate has no command", "add argv: [program, argument, …]");
    }
    map.closed();
    return id.isEmpty() ? Optional.empty() : gate;
  }

  private Gate tests(YamlMap map, String id, List<String> argv, Duration timeout, int reruns) {
    List<Glob> reports = reader.globs(map, "reports");
    if (reports.isEmpty()) {
      map.problem(
          "reports",
          "the gate names no report files, so no test could be seen",
          "add reports: [\"…/*.xml\"]");
    }
    return new Gate.Tests(
        id,
        argv,
        reports,
        map.optionalInt("minTests", 1, 1_000_000).orElse(1),
        map.optionalInt("maxFailures", 0, 1_000_000).orElse(0),
        map.optionalInt("reruns", 0, 5).orElse(reruns),
        timeout,
        map.position());
  }

  private static Optional<Gate> expression(YamlMap map, String id) {
    String message = map.optionalString("message").orElse("");
    return Conditions.required(map, "cel", Scope.GATE)
        .map(cel -> new Gate.Expression(id, cel, message, map.position()));
  }

  void tests(YamlMap map) {
    PolicyLayer.Tests tests = layer.tests;
    if (map.has("paths") && !layer.trusted) {
      // All paths being tests would leave no code to run the original tests on.
      map.problem("paths", "the workspace cannot say what counts as a test", "take it out");
    }
    if (map.has("paths") && map.placedStrings("paths").isEmpty()) {
      map.problem(
          "paths", "no path is a test, so nothing is compared", "name them, or take it out");
    }
    tests.paths.addAll(reader.globs(map, "paths"));
    layer.said.read(map, "testIntegrity");
    tests.forbidNew.addAll(map.strings("forbidNew"));
    for (YamlMap.Placed text : map.placedStrings("lockedConfiguration")) {
      try {
        tests.locked.add(LockedSetting.parse(text.text(), text.at()));
      } catch (IllegalArgumentException e) {
        map.problems()
            .add(
                text.at(),
                "'" + Escape.line(text.text()) + "' cannot be locked: " + e.getMessage(),
                "correct it");
      }
    }
    map.closed();
  }

  static void promotion(YamlMap map, PolicyLayer layer) {
    layer.said.read(map, "promotion");
    if (map.has("afterCheck")) {
      layer.afterCheck =
          map.placedStrings("afterCheck").stream()
              .map(p -> new PolicyLayer.Placed<>(p.text(), p.at()))
              .toList();
    }
    map.closed();
  }
}
