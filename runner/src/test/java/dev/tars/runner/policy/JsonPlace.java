package dev.tars.runner.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A key of a map or an item of a list, from the top of a document: names and numbers. */
public record JsonPlace(List<Object> steps) {
  /** Maps whose keys are names that the author chooses. */
  static final Set<String> NAMES =
      Set.of(
          "variables",
          "environment.set",
          "teams",
          "notifications",
          "handlers",
          "validation.rules",
          "trust.keys");

  public JsonPlace {
    steps = List.copyOf(steps);
  }

  /** Every key and item, at any depth. */
  public static List<JsonPlace> all(JsonNode document) {
    List<JsonPlace> places = new ArrayList<>();
    collect(document, List.of(), places);
    return places;
  }

  private static void collect(JsonNode node, List<Object> at, List<JsonPlace> into) {
    List<Object> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      names.add(i);
    }
    for (Object name : names) {
      List<Object> steps = new ArrayList<>(at);
      steps.add(name);
      into.add(new JsonPlace(steps));
      collect(child(node, name), steps, into);
    }
  }

  private static JsonNode child(JsonNode node, Object step) {
    return step instanceof Integer index ? node.get(index) : node.get((String) step);
  }

  private JsonNode parent(JsonNode document) {
    JsonNode node = document;
    for (Object step : steps.subList(0, steps.size() - 1)) {
      node = child(node, step);
    }
    return node;
  }

  public JsonNode get(JsonNode document) {
    return child(parent(document), steps.getLast());
  }

  public void set(JsonNode document, JsonNode value) {
    switch (parent(document)) {
      case ArrayNode list -> list.set((Integer) steps.getLast(), value);
      case ObjectNode map -> map.set((String) steps.getLast(), value);
      default -> throw new IllegalStateException(toString());
    }
  }

  public void remove(JsonNode document) {
    switch (parent(document)) {
      case ArrayNode list -> list.remove((Integer) steps.getLast());
      case ObjectNode map -> map.remove((String) steps.getLast());
      default -> throw new IllegalStateException(toString());
    }
  }

  /** Renames the key in its place. */
  void rename(JsonNode document, String name) {
    ObjectNode map = (ObjectNode) parent(document);
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    map.properties().forEach(e -> entries.put(e.getKey(), e.getValue()));
    map.removeAll();
    entries.forEach((key, value) -> map.set(key.equals(steps.getLast()) ? name : key, value));
  }

  /** The key, if it is one. */
  public Optional<String> key() {
    return steps.getLast() instanceof String name ? Optional.of(name) : Optional.empty();
  }

  /**
   * {@code filesystem.write[].paths}: with names and without numbers, and a star for what is below
   * a name that the author chose.
   */
  public String pattern() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < steps.size(); i++) {
      Object step = steps.get(i);
      boolean chosen = i + 1 < steps.size() && NAMES.contains(text.toString());
      String name = chosen ? "*" : step.toString();
      text.append(step instanceof Integer ? "[]" : (text.isEmpty() ? "" : ".") + name);
    }
    return text.toString();
  }

  String parentPattern() {
    return new JsonPlace(steps.subList(0, steps.size() - 1)).pattern();
  }

  /** Another key of the map that holds this list, or the list that this item is in. */
  JsonPlace sibling(String name) {
    int depth = steps.size() - (steps.getLast() instanceof Integer ? 2 : 1);
    List<Object> other = new ArrayList<>(steps.subList(0, depth));
    other.add(name);
    return new JsonPlace(other);
  }

  @Override
  public String toString() {
    return pattern() + " " + steps;
  }
}
