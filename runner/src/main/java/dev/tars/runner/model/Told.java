package dev.tars.runner.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.UnaryOperator;

/**
 * A sentence that tells of a policy, in two lengths. In a document an object may hold an object
 * {@code brief}, whose fields stand for those of the same name where readers are told briefly.
 *
 * @param full with what the policy's author wrote: patterns, numbers, reasons, who may
 * @param brief with a rule's id, or its place if it has none, and nothing else of the policy; may
 *     be empty
 */
public record Told(@PublicApi String full, @PublicApi String brief) {
  private static final String BRIEF = "brief";

  /** A sentence that tells nothing of a policy. */
  public static Told plain(String text) {
    return new Told(text, text);
  }

  public Told after(String prefix) {
    return map(text -> prefix + text);
  }

  public Told map(UnaryOperator<String> change) {
    return new Told(change.apply(full), change.apply(brief));
  }

  /** Puts it into an object of a document. */
  public void into(ObjectNode node, String field) {
    node.put(field, full);
    if (!brief.equals(full)) {
      node.withObject("/" + BRIEF).put(field, brief);
    } else if (node.get(BRIEF) instanceof ObjectNode shorter) {
      shorter.remove(field); // of what stood there before
    }
  }

  /** Reads what {@link #into} wrote. */
  public static Told of(JsonNode node, String field) {
    String full = node.path(field).asText();
    return new Told(full, node.path(BRIEF).path(field).asText(full));
  }

  /** Makes of a document what a reader is told; changes it. */
  public static void settle(JsonNode document, boolean briefly) {
    if (document instanceof ObjectNode object
        && object.remove(BRIEF) instanceof ObjectNode shorter
        && briefly) {
      object.setAll(shorter);
    }
    document.forEach(child -> settle(child, briefly));
  }
}
