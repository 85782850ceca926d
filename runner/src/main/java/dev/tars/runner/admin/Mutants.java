package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.yaml.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The ways in which a policy document could say less than it does. */
final class Mutants {
  private static final List<String> NOT_RULES =
      List.of("metadata", "requires", "apiVersion", "kind", "explain", "evidence", "tests");

  /** Words and what the more careless one is. */
  private static final Map<String, String> LOOSER =
      Map.of("deny", "allow", "ask", "allow", "required", "optional", "tree", "paths");

  private Mutants() {}

  /**
   * One changed document.
   *
   * @param what what was taken away, for people
   */
  record Mutant(String what, ObjectNode document) {}

  static List<Mutant> of(ObjectNode document) {
    List<Mutant> mutants = new ArrayList<>();
    for (String section : names(document)) {
      if (!NOT_RULES.contains(section)) {
        walk(document, document.get(section), new ArrayList<>(List.of(section)), mutants);
      }
    }
    return mutants;
  }

  private static void walk(
      ObjectNode document, JsonNode node, List<Object> path, List<Mutant> mutants) {
    switch (node) {
      case ArrayNode list when isRules(list) -> {
        for (int i = 0; i < list.size(); i++) {
          List<Object> item = with(path, i);
          mutants.add(without(document, item, "without " + named(list.get(i), item)));
          inside(document, list.get(i), item, mutants);
        }
      }
      case ObjectNode map -> {
        for (String key : names(map)) {
          walk(document, map.get(key), with(path, key), mutants);
        }
      }
      default -> scalar(document, node, path, show(path)).ifPresent(mutants::add);
    }
  }

  /** A list of maps; a list of words is one value. */
  private static boolean isRules(ArrayNode list) {
    return !list.isEmpty() && list.get(0).isObject();
  }

  private static void inside(
      ObjectNode document, JsonNode rule, List<Object> path, List<Mutant> mutants) {
    String name = named(rule, path);
    for (String key : names(rule)) {
      List<Object> at = with(path, key);
      switch (key) {
        case "except",
            "operations",
            "moreArgs",
            "ports",
            "phases",
            "kinds",
            "extensions",
            "modes",
            "encodings",
            "approval",
            "when" ->
            mutants.add(without(document, at, name + " without " + key));
        case "id", "reason", "fix", "examples", "message", "paths", "argv", "hosts", "cidrs" -> {}
        default -> {
          if (rule.get(key) instanceof ObjectNode inner) {
            inside(document, inner, at, mutants);
          } else {
            scalar(document, rule.get(key), at, name + ": " + key).ifPresent(mutants::add);
          }
        }
      }
    }
  }

  private static Optional<Mutant> scalar(
      ObjectNode document, JsonNode value, List<Object> path, String what) {
    if (value instanceof ArrayNode list) {
      return list.isEmpty()
          ? Optional.empty()
          : Optional.of(without(document, path, what + " taken out"));
    }
    if (value.isInt()) {
      int looser = "minTests".equals(path.getLast()) ? 1 : value.intValue() * 2 + 1;
      if (path.getLast().equals("count")) {
        looser = value.intValue() - 1;
      }
      return looser == value.intValue() || looser < 0
          ? Optional.empty()
          : Optional.of(changed(document, path, Integer.toString(looser), looser, what));
    }
    if (value.isBoolean()) {
      return Optional.of(
          changed(
              document, path, String.valueOf(!value.booleanValue()), !value.booleanValue(), what));
    }
    return value.isTextual() ? text(document, value.textValue(), path, what) : Optional.empty();
  }

  private static Optional<Mutant> text(
      ObjectNode document, String text, List<Object> path, String what) {
    String looser = LOOSER.get(text);
    if (looser != null) {
      return Optional.of(changed(document, path, looser, looser, what));
    }
    Optional<String> twice =
        Durations.parse(text).map(d -> Durations.show(d.multipliedBy(2))).or(() -> size(text));
    if (twice.isPresent()) {
      return Optional.of(changed(document, path, twice.get(), twice.get(), what));
    }
    return Optional.of(without(document, path, what + " taken out"));
  }

  private static Optional<String> size(String text) {
    try {
      return Optional.of(ByteCount.parse(text).bytes() * 2 + "B");
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  // ---- documents are changed in copies

  private static Mutant without(ObjectNode document, List<Object> path, String what) {
    ObjectNode copy = document.deepCopy();
    JsonNode parent = parent(copy, path);
    if (parent instanceof ArrayNode list) {
      list.remove((Integer) path.getLast());
    } else {
      ((ObjectNode) parent).remove((String) path.getLast());
    }
    return new Mutant(what, copy);
  }

  private static Mutant changed(
      ObjectNode document, List<Object> path, String shown, Object value, String what) {
    ObjectNode copy = document.deepCopy();
    ObjectNode parent = (ObjectNode) parent(copy, path);
    String key = (String) path.getLast();
    switch (value) {
      case Integer number -> parent.put(key, number);
      case Boolean flag -> parent.put(key, flag);
      default -> parent.put(key, String.valueOf(value));
    }
    return new Mutant(what + " changed to " + shown, copy);
  }

  private static JsonNode parent(JsonNode root, List<Object> path) {
    JsonNode at = root;
    for (Object step : path.subList(0, path.size() - 1)) {
      at = step instanceof Integer index ? at.get(index) : at.get((String) step);
    }
    return at;
  }

  private static List<Object> with(List<Object> path, Object step) {
    List<Object> longer = new ArrayList<>(path);
    longer.add(step);
    return longer;
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static String named(JsonNode rule, List<Object> path) {
    for (String key : List.of("id", "name", "ref", "gate")) {
      if (rule.path(key).isTextual()) {
        return rule.get(key).textValue();
      }
    }
    return show(path);
  }

  private static String show(List<Object> path) {
    StringBuilder text = new StringBuilder();
    for (Object step : path) {
      if (step instanceof Integer index) {
        text.append('[').append(index).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.toString();
  }
}
