package dev.tars.runner.decisions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Secrets;
import dev.tars.runner.policy.AuditRules;
import java.util.HexFormat;
import java.util.List;

/**
 * A decision record without credentials, and without what a policy says must not be recorded. Only
 * what comes from outside is looked at, so that what is left still reads as a record.
 */
final class RedactedRecord {
  private static final List<String> NAMES = List.of("path", "host", "name");

  private RedactedRecord() {}

  static ObjectNode of(DecisionRecord record, AuditRules rules) {
    ObjectNode node = record.json();
    node.path("request")
        .forEach(request -> {
          if (request instanceof ObjectNode map) {
            request(map, rules);
          }
        });
    texts(node, rules);
    node.path("matches").forEach(match -> texts((ObjectNode) match, rules));
    return node;
  }

  private static void request(ObjectNode request, AuditRules rules) {
    NAMES.forEach(name -> text(request, name, rules));
    if (request.path("argv") instanceof ArrayNode argv) {
      argv(argv, rules);
    }
    JsonNode hex = request.path("pathHex");
    if (hex.isTextual()) {
      String shown = Bytes.of(HexFormat.of().parseHex(hex.textValue())).lossyText();
      String kept = rules.redacted(shown);
      if (!kept.equals(shown)) { // the bytes would still say it
        request.remove("pathHex");
        request.put("path", kept);
      }
    }
  }

  private static void argv(ArrayNode argv, AuditRules rules) {
    String before = "";
    for (int i = 0; i < argv.size(); i++) {
      String word = argv.get(i).asText();
      String kept = Secrets.isValueOf(word, before) ? Secrets.MARK : rules.redacted(word);
      argv.set(i, TextNode.valueOf(kept));
      before = word;
    }
  }

  private static void texts(ObjectNode node, AuditRules rules) {
    List.of("reason", "fix", "step").forEach(key -> text(node, key, rules));
  }

  private static void text(ObjectNode node, String key, AuditRules rules) {
    if (node.path(key).isTextual()) {
      node.put(key, rules.redacted(node.path(key).textValue()));
    }
  }
}
