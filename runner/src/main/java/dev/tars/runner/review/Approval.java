package dev.tars.runner.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What one person said of one change set, under one policy, built and tested in one image.
 *
 * @param approver name of the operating system user
 * @param context the run that was looked at; an approval of another run is none of this one
 * @param image id of the image
 * @param overrides gates that failed and that the approver overrides; the comment is the reason
 */
public record Approval(
    String approver,
    ContextId context,
    Digest changeSet,
    Digest policy,
    String image,
    Instant at,
    Verb verb,
    String comment,
    List<String> overrides) {
  public Approval {
    overrides = List.copyOf(overrides);
  }

  /** What was said. */
  public enum Verb {
    APPROVE,
    REJECT
  }

  /** Names this approval, so that it can be used once and never again. */
  public Digest id() {
    return CanonicalJson.digest(json());
  }

  /** As the audit log keeps it. */
  public ObjectNode json() {
    ObjectNode node = CanonicalJson.object();
    node.put("approver", approver);
    node.put("context", context.text());
    node.put("changeSet", changeSet.toString());
    node.put("policy", policy.toString());
    node.put("image", image);
    node.put("at", at.toString());
    node.put("verb", verb.name().toLowerCase(Locale.ROOT));
    node.put("comment", comment);
    if (!overrides.isEmpty()) {
      overrides.forEach(node.putArray("overrides")::add);
    }
    return node;
  }

  /**
   * Reads what {@link #json()} gave.
   *
   * @throws RuntimeException if it is something else
   */
  public static Approval read(com.fasterxml.jackson.databind.JsonNode node) {
    return new Approval(
        node.required("approver").asText(),
        new ContextId(node.required("context").asText()),
        Digest.parse(node.required("changeSet").asText()),
        Digest.parse(node.required("policy").asText()),
        node.required("image").asText(),
        Instant.parse(node.required("at").asText()),
        Verb.valueOf(node.required("verb").asText().toUpperCase(Locale.ROOT)),
        node.required("comment").asText(),
        node.path("overrides").valueStream().map(n -> n.asText()).toList());
  }
}
