package dev.tars.runner.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;

/** The published JSON Schema, and the keys that it knows. */
public final class JsonSchemas {
  private JsonSchemas() {}

  static JsonNode policy() {
    return load("policy-v1");
  }

  /** The schema of one kind of file, for example {@code policy-v1}. */
  public static JsonNode load(String name) {
    try (InputStream in =
        JsonSchemas.class.getResourceAsStream("/dev/tars/schemas/" + name + ".schema.json")) {
      return new com.fasterxml.jackson.databind.ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every key that a document may have, as {@code filesystem.write[].paths}. */
  public static Set<String> keys(JsonNode schema) {
    Set<String> keys = new TreeSet<>();
    collect(schema, schema, "", keys);
    return keys;
  }

  /** The schema of one key of a map in maps, references resolved. */
  static JsonNode at(JsonNode top, String key) {
    JsonNode node = top;
    for (String name : key.split("\\.")) {
      node = node.path("properties").path(name);
      if (node.has("$ref")) {
        node = top.at(node.get("$ref").asText().substring(1));
      }
    }
    return node;
  }

  private static void collect(JsonNode top, JsonNode schema, String at, Set<String> into) {
    if (schema.has("$ref")) {
      collect(top, top.at(schema.get("$ref").asText().substring(1)), at, into);
    }
    for (String list : new String[] {"anyOf", "oneOf", "allOf"}) {
      schema.path(list).forEach(one -> collect(top, one, at, into));
    }
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          String name = (at.isEmpty() ? "" : at + ".") + property.getKey();
          into.add(name);
          collect(top, property.getValue(), name, into);
        });
    if (schema.path("additionalProperties").isObject()) {
      collect(top, schema.get("additionalProperties"), at + ".*", into);
    }
    if (schema.has("items")) {
      collect(top, schema.get("items"), at + "[]", into);
    }
  }
}
