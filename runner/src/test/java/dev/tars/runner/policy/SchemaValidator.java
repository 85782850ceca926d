package dev.tars.runner.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema that our schemas use. A keyword that it does not know is an error, so
 * that nothing in a schema goes unchecked.
 */
public final class SchemaValidator {
  private static final Set<String> NOTES =
      Set.of("$schema", "$id", "$defs", "title", "description");

  private final JsonNode top;

  public SchemaValidator(JsonNode schema) {
    this.top = schema;
  }

  /** What is wrong with a document; empty if it is valid. */
  public List<String> problems(JsonNode document) {
    return problems(top, document, "");
  }

  private List<String> problems(JsonNode schema, JsonNode value, String at) {
    List<String> found = new ArrayList<>();
    schema
        .properties()
        .forEach(keyword -> check(keyword.getKey(), keyword.getValue(), schema, value, at, found));
    return found;
  }

  private void check(
      String keyword, JsonNode says, JsonNode schema, JsonNode value, String at, List<String> to) {
    if (NOTES.contains(keyword)) {
      return;
    }
    boolean good =
        switch (keyword) {
          case "$ref" -> to.addAll(problems(top.at(says.asText().substring(1)), value, at));
          case "type" -> isOf(says.asText(), value);
          case "const" -> value.equals(says);
          case "enum" -> contains(says, value);
          case "pattern" ->
              !value.isTextual() || Pattern.compile(says.asText()).matcher(value.asText()).find();
          case "minLength" -> !value.isTextual() || value.asText().length() >= says.asInt();
          case "maxLength" -> !value.isTextual() || value.asText().length() <= says.asInt();
          case "minimum" -> !value.isNumber() || value.asLong() >= says.asLong();
          case "maximum" -> !value.isNumber() || value.asLong() <= says.asLong();
          case "minItems" -> !value.isArray() || value.size() >= says.asInt();
          case "maxItems" -> !value.isArray() || value.size() <= says.asInt();
          case "minProperties" -> !value.isObject() || value.size() >= says.asInt();
          case "maxProperties" -> !value.isObject() || value.size() <= says.asInt();
          case "uniqueItems" -> !value.isArray() || isUnique(value);
          case "required" -> !value.isObject() || hasAll(says, value);
          case "anyOf" -> fitting(says, value, at) >= 1;
          case "oneOf" -> fitting(says, value, at) == 1;
          case "properties" -> {
            says.properties().stream()
                .filter(p -> value.has(p.getKey()))
                .forEach(p ->
                    to.addAll(
                        problems(p.getValue(), value.get(p.getKey()), at + "." + p.getKey())));
            yield true;
          }
          case "additionalProperties" -> {
            others(schema, value)
                .forEach(name -> {
                  if (says.isObject()) {
                    to.addAll(problems(says, value.get(name), at + "." + name));
                  } else {
                    to.add(at + "." + name + " is unknown");
                  }
                });
            yield true;
          }
          case "propertyNames" -> {
            value
                .fieldNames()
                .forEachRemaining(name ->
                    to.addAll(
                        problems(
                            says,
                            com.fasterxml.jackson.databind.node.TextNode.valueOf(name),
                            at + " key " + name)));
            yield true;
          }
          case "items" -> {
            for (int i = 0; value.isArray() && i < value.size(); i++) {
              to.addAll(problems(says, value.get(i), at + "[" + i + "]"));
            }
            yield true;
          }
          default ->
              throw new IllegalArgumentException("a keyword that is not checked: " + keyword);
        };
    if (!good && !keyword.equals("$ref")) {
      to.add(at + ": " + keyword + " " + says);
    }
  }

  private long fitting(JsonNode schemas, JsonNode value, String at) {
    long fitting = 0;
    for (JsonNode one : schemas) {
      fitting += problems(one, value, at).isEmpty() ? 1 : 0;
    }
    return fitting;
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      default -> throw new IllegalArgumentException("a type that is not checked: " + type);
    };
  }

  private static boolean contains(JsonNode list, JsonNode value) {
    for (JsonNode one : list) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUnique(JsonNode list) {
    Set<JsonNode> seen = new java.util.HashSet<>();
    for (JsonNode one : list) {
      if (!seen.add(one)) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasAll(JsonNode names, JsonNode value) {
    for (JsonNode name : names) {
      if (!value.has(name.asText())) {
        return false;
      }
    }
    return true;
  }

  private static List<String> others(JsonNode schema, JsonNode value) {
    List<String> others = new ArrayList<>();
    value.fieldNames().forEachRemaining(others::add);
    others.removeIf(name -> schema.path("properties").has(name));
    return others;
  }
}
