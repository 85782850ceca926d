package dev.tars.runner.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tars.runner.model.Secrets;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/**
 * Takes secrets out of what is to be logged, before it is hashed and written: the log never holds
 * them. Names of fields and numbers stay.
 */
final class Redaction {
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
    return Secrets.redacted(more.apply(text));
  }
}
