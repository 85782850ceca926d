package dev.tars.runner.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rules of policies as they are written, for tools that compare and count them. */
final class RuleTexts {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Sections whose lists hold rules, by the keys of the lists. */
  static final Map<String, List<String>> LISTS =
      Map.of(
          "filesystem", List.of("read", "hide", "write", "ask", "protect", "scratch"),
          "files", List.of("allow", "deny"),
          "processes", List.of("allow", "ask", "deny"),
          "network", List.of("allow", "deny"),
          "validation", List.of("gates"),
          "approval", List.of("rules", "overrides"));

  private RuleTexts() {}

  /**
   * One rule.
   *
   * @param section for example {@code filesystem.write}
   * @param id what decisions name it by
   */
  record RuleText(String section, String id, ObjectNode node, ObjectNode document) {
    /** The texts of a list, variables resolved. */
    List<String> texts(String key) {
      List<String> found = new ArrayList<>();
      node.path(key).forEach(item -> found.addAll(resolved(item)));
      return found;
    }

    private List<String> resolved(JsonNode item) {
      if (!item.isTextual()) {
        return List.of();
      }
      String text = item.textValue();
      if (!text.startsWith("${") || !text.endsWith("}")) {
        return List.of(text);
      }
      List<String> values = new ArrayList<>();
      document
          .path("variables")
          .path(text.substring(2, text.length() - 1))
          .forEach(v -> values.add(v.asText()));
      return values;
    }
  }

  /** The documents of every layer, what is extended first. */
  static List<ObjectNode> documents(EffectivePolicy policy) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode layer : policy.canonical().path("layers")) {
      for (JsonNode document : layer.path("documents")) {
        found.add(parse(document.asText()));
      }
    }
    return found;
  }

  static ObjectNode parse(String json) {
    try {
      return (ObjectNode) JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a canonical document is JSON", e);
    }
  }

  static List<RuleText> of(EffectivePolicy policy) {
    List<RuleText> all = new ArrayList<>();
    documents(policy).forEach(d -> all.addAll(of(d)));
    return all;
  }

  static List<RuleText> of(ObjectNode document) {
    List<RuleText> all = new ArrayList<>();
    LISTS.forEach((section, keys) -> {
      for (String key : keys) {
        JsonNode list = document.path(section).path(key);
        for (int i = 0; i < list.size(); i++) {
          if (list.get(i) instanceof ObjectNode rule) {
            String name = section + "." + key;
            String standard = name + "[" + i + "]";
            String id = rule.path("id").asText(rule.path("gate").asText(standard));
            all.add(new RuleText(name, id.isEmpty() ? standard : id, rule, document));
          }
        }
      }
    });
    return all;
  }
}
