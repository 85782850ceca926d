package dev.tars.runner.expression;

import dev.tars.runner.yaml.YamlMap;
import java.util.List;
import java.util.Optional;

/** Reads conditions of files; what is wrong with one goes to the file's problems. */
public final class Conditions {
  private Conditions() {}

  /** A condition that must be there. */
  public static Optional<Condition> required(YamlMap map, String key, Scope scope) {
    return checked(map, key, map.string(key), scope);
  }

  /** A condition, if the key is there. */
  public static Optional<Condition> optional(YamlMap map, String key, Scope scope) {
    return map.optionalString(key).flatMap(text -> checked(map, key, text, scope));
  }

  /** The same, where {@code true} and {@code false} may also stand without quotes. */
  public static Optional<Condition> optionalOrWord(YamlMap map, String key, Scope scope) {
    return map.has(key) && !map.isText(key)
        ? map.optionalBool(key).map(b -> new Condition(b.toString(), scope))
        : optional(map, key, scope);
  }

  private static Optional<Condition> checked(YamlMap map, String key, String text, Scope scope) {
    if (!map.has(key)) {
      return Optional.empty(); // already a problem
    }
    List<Flaw> flaws = Condition.flaws(text, scope);
    for (Flaw flaw : flaws) {
      map.problems()
          .add(
              map.positionIn(key, flaw.line(), flaw.column()),
              "not a condition: " + flaw.what(),
              flaw.fix());
    }
    return flaws.isEmpty() ? Optional.of(new Condition(text, scope)) : Optional.empty();
  }
}
