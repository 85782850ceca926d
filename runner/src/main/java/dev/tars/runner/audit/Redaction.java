package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is to be logged, before it is hashed and written: the log never holds
 * them. Names of fields and numbers stay. Linear in the text: no pattern here can backtrack far.
 */
final class Redaction {
  static final String MARK = "[redacted]";

  private static final List<Pattern> BUILT_IN =
      List.of(
          Pattern.compile(
              "(?i)\\b((?:[a-z0-9]{1,40}[_-]){0,4}(?:token|secret|passw(?:or)?d|passphrase|credentials?"
                  + "|api[_-]?key|access[_-]?key|private[_-]?key)\\s{0,4}[=:]\\s{0,4})(?!\\[redacted)[^\\s,;]+"),
          Pattern.compile("(?i)\\b((?:bearer|basic)\\s{1,4})[a-z0-9._~+/=-]{8,}"),
          Pattern.compile("(://[^\\s/:@]{1,200}:)[^\\s/@]{1,200}(?=@)"),
          Pattern.compile("()\\b(?:AKIA|ASIA)[A-Z0-9]{16}\\b"),
          Pattern.compile("()\\bgh[opusr]_[A-Za-z0-9]{20,}"),
          Pattern.compile("()\\bgithub_pat_[A-Za-z0-9_]{20,}"),
          Pattern.compile("()\\bglpat-[A-Za-z0-9_-]{16,}"),
          Pattern.compile("()\\bxox[abprs]-[A-Za-z0-9-]{10,}"),
          Pattern.compile("()\\beyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*"),
          Pattern.compile(
              "(?s)()-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]*(?:-----END[^-]*-----)?"));

  private final UnaryOperator<String> more;

  private Redaction(UnaryOperator<String> more) {
    this.more = more;
  }

  static Redaction builtIn() {
    return new Redaction(text -> text);
  }

  /** This as well, before what is built in. */
  Redaction and(UnaryOperator<String> other) {
    return new Redaction(text -> other.apply(more.apply(text)));
  }

  /** A copy without secrets. */
  ObjectNode of(ObjectNode payload) {
    ObjectNode copy = payload.deepCopy();
    redact(copy);
    return copy;
  }

  private void redact(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : new ArrayList<>(object.propertyStream().map(e -> e.getKey()).toList())) {
        JsonNode value = object.get(name);
        if (value instanceof TextNode text) {
          object.put(name, text(text.textValue()));
        } else {
          redact(value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i) instanceof TextNode text) {
          array.set(i, TextNode.valueOf(text(text.textValue())));
        } else {
          redact(array.get(i));
        }
      }
    }
  }

  String text(String text) {
    String clean = more.apply(text);
    for (Pattern pattern : BUILT_IN) {
      clean = pattern.matcher(clean).replaceAll(m -> Matcher.quoteReplacement(m.group(1) + MARK));
    }
    return clean;
  }
}
