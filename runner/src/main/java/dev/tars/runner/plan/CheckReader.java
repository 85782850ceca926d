package dev.tars.runner.plan;

import dev.tars.runner.expression.Conditions;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the checks of a step. */
final class CheckReader {
  private static final List<String> RULES =
      List.of("exitCode", "testsRun", "testsFailed", "parses", "contains", "fileExists", "cel");

  /** What {@code parses} can check; a test holds it against the checkers there are. */
  static final List<String> LANGUAGES = List.of("java", "json", "properties", "xml", "yaml");

  private static final int MAX = Integer.MAX_VALUE;

  private CheckReader() {}

  /** {@code validation:} of a step: maps with a {@code rule}. */
  static List<StepCheck> rules(YamlMap map, String key, Scope scope) {
    List<StepCheck> checks = new ArrayList<>();
    for (YamlMap rule : map.maps(key)) {
      Optional<String> name = rule.optionalWord("rule", RULES);
      if (name.isEmpty() && !rule.has("rule")) {
        rule.string("rule");
      }
      name.flatMap(n -> check(n, rule, scope)).ifPresent(checks::add);
      rule.closed();
    }
    return checks;
  }

  /** {@code checks:} of a Validation step: a rule, or the short form with CEL alone. */
  static List<StepCheck> checks(YamlMap action) {
    List<StepCheck> checks = new ArrayList<>();
    for (YamlMap map : action.maps("checks")) {
      if (map.has("cel")) {
        cel(map, "cel", Scope.STEP).ifPresent(checks::add);
        map.closed();
      } else {
        Optional<String> name = map.optionalWord("rule", RULES);
        if (name.isEmpty() && !map.has("rule")) {
          map.string("rule");
        }
        name.flatMap(n -> check(n, map, Scope.STEP)).ifPresent(checks::add);
        map.closed();
      }
    }
    return checks;
  }

  private static Optional<StepCheck> check(String rule, YamlMap map, Scope scope) {
    return switch (rule) {
      case "exitCode" -> required(map, "equals").map(StepCheck.ExitCode::new);
      case "testsRun" -> required(map, "min").map(StepCheck.TestsRun::new);
      case "testsFailed" -> required(map, "max").map(StepCheck.TestsFailed::new);
      case "parses" ->
          language(map).map(as -> new StepCheck.Parses(as, Values.optionalPath(map, "file")));
      case "contains" ->
          Optional.of(new StepCheck.Contains(map.string("text"), Values.optionalPath(map, "file")));
      case "fileExists" ->
          Values.path(map, "file")
              .map(f -> new StepCheck.FileExists(f, map.optionalBool("expected").orElse(true)));
      default -> cel(map, "expr", scope);
    };
  }

  private static Optional<StepCheck> cel(YamlMap map, String key, Scope scope) {
    String message = map.optionalString("message").orElse("");
    return Conditions.required(map, key, scope).map(c -> new StepCheck.Cel(c, message));
  }

  private static Optional<String> language(YamlMap map) {
    if (!map.has("as")) {
      map.string("as");
    }
    return map.optionalWord("as", LANGUAGES);
  }

  private static Optional<Integer> required(YamlMap map, String key) {
    Optional<Integer> value = map.optionalInt(key, 0, MAX);
    if (value.isEmpty() && !map.has(key)) {
      map.problem("rule", key + " is missing", "add '" + key + "', a whole number");
    }
    return value;
  }
}
