package dev.tars.runner.plan;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.expression.Conditions;
import dev.tars.runner.expression.Scope;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one step. */
final class StepReader {
  private static final int MAX_RETRIES = 10;
  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private final Defaults defaults;
  private final ActionReader actions;

  StepReader(Defaults defaults, BesideFiles beside) {
    this.defaults = defaults;
    this.actions = new ActionReader(beside);
  }

  /** What holds for steps that do not say. */
  record Defaults(Duration timeout, Step.OnFailure onFailure) {}

  /** Empty if the step's problems leave nothing to build. */
  Optional<Step> read(YamlMap map) {
    String id = map.string("id");
    if (!id.isEmpty() && !id.matches(ID)) {
      map.problem("id", "a step's id has letters, digits, '.', '_' and '-'", "choose another id");
    }
    Optional<StepType> type = type(map);
    List<Step.Dependency> dependsOn = dependencies(map);
    Optional<Condition> when = Conditions.optional(map, "when", Scope.STEP);
    Duration timeout =
        map.optionalDuration("timeout", ImprovementReader.MAX_TIMEOUT).orElse(defaults.timeout());
    int retries = map.optionalInt("retries", 0, MAX_RETRIES).orElse(0);
    Step.OnFailure onFailure = Values.onFailure(map).orElse(defaults.onFailure());
    Scope scope = type.filter(StepType::isCommand).isPresent() ? Scope.OUTPUT : Scope.STEP;
    List<StepCheck> checks = CheckReader.rules(map, "validation", scope);
    Optional<Step.Undo> rollback = map.optionalMap("rollback").flatMap(StepReader::undo);
    Optional<StepAction> action = type.flatMap(t -> actions.read(t, map.map("action")));
    if (type.isEmpty()) {
      map.has("action");
    }
    map.closed();
    if (type.isEmpty() || action.isEmpty() || id.isEmpty()) {
      return Optional.empty();
    }
    Step step =
        new Step(
            id,
            type.get(),
            dependsOn,
            when,
            action.get(),
            timeout,
            retries,
            onFailure,
            checks,
            rollback,
            map.position());
    StepRules.check(step, map);
    return Optional.of(step);
  }

  private static Optional<StepType> type(YamlMap map) {
    Map<String, StepType> types = new LinkedHashMap<>();
    for (StepType type : StepType.values()) {
      types.put(type.id(), type);
    }
    if (!map.has("type")) {
      map.string("type");
      return Optional.empty();
    }
    return map.optionalWord("type", List.copyOf(types.keySet())).map(types::get);
  }

  private static List<Step.Dependency> dependencies(YamlMap map) {
    List<Step.Dependency> result = new ArrayList<>();
    for (YamlMap.Item item : map.items("dependsOn", true)) {
      item.text().ifPresent(t -> result.add(new Step.Dependency(t.text(), Step.Result.PASSED)));
      item.map()
          .ifPresent(m -> {
            String step = m.string("step");
            Step.Result wanted =
                m.optionalWord("result", List.of("passed", "failed", "skipped", "any"))
                    .map(w -> Step.Result.valueOf(w.toUpperCase(Locale.ROOT)))
                    .orElse(Step.Result.PASSED);
            m.closed();
            result.add(new Step.Dependency(step, wanted));
          });
    }
    return result;
  }

  private static Optional<Step.Undo> undo(YamlMap map) {
    Optional<String> action = map.optionalWord("action", List.of("RestoreBackup", "DeleteCreated"));
    Optional<String> from = map.optionalString("from");
    if (action.isEmpty() && !map.has("action")) {
      map.string("action");
    }
    map.closed();
    return action.map(a ->
        a.equals("DeleteCreated")
            ? new Step.Undo.DeleteCreated()
            : new Step.Undo.RestoreBackup(from));
  }
}
