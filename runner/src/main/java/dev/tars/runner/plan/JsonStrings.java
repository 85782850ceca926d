package dev.tars.runner.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/** JSON values in and out of texts that have one character a byte. */
final class JsonStrings {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonStrings() {}

  /** What a quoted text means. */
  static String meaning(String quoted) {
    return tree(quoted).asText();
  }

  /** The value of a part of such a text. */
  static JsonNode tree(String part) {
    try {
      return JSON.readTree(
          new String(part.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new JsonText.NotJson(e.getOriginalMessage(), 0);
    }
  }

  /** An operation, as a plan gives it. */
  static JsonNode operation(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("written by us", e);
    }
  }

  /** A value as text with one character a byte. */
  static String text(JsonNode value) {
    return Edits.raw(value.toString());
  }

  /** Equal as RFC 6902 says: numbers by value, objects in any order. */
  static boolean same(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue()) == 0;
    }
    if (a.isObject() && b.isObject()) {
      return a.size() == b.size()
          && a.propertyStream()
              .allMatch(e -> b.has(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
    }
    if (a.isArray() && b.isArray()) {
      boolean same = a.size() == b.size();
      for (int i = 0; same && i < a.size(); i++) {
        same = same(a.get(i), b.get(i));
      }
      return same;
    }
    return a.equals(b);
  }
}
