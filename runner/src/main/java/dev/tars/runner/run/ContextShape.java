package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.policy.PlanPermissions;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What {@code context.json} has to look like before anything is told or done by it: every field
 * that a run writes at its start is there, and each that is there has the type that we give it. A
 * field that is missing or of another type would else be read as nothing, false or 0. What it says
 * is another question: that is held against the audit log before anything is promoted.
 */
final class ContextShape {
  private static final String SCHEMA = "tars.context/v1";

  /** Ends that a script must not take for success. */
  private static final Set<ContextState> UNSUCCESSFUL =
      Set.of(
          ContextState.AWAITING_APPROVAL,
          ContextState.FAILED,
          ContextState.DENIED,
          ContextState.REJECTED,
          ContextState.STALE,
          ContextState.TIMED_OUT,
          ContextState.CANCELLED,
          ContextState.ROLLBACK_INCOMPLETE);

  private ContextShape() {}

  /**
   * Checks a document.
   *
   * @throws IllegalArgumentException in words, if we never write such a one
   */
  static void require(ObjectNode document, ContextId id) {
    if (!text(document, "contextId").equals(id.text())) {
      throw new IllegalArgumentException("it is the document of another context");
    }
    if (!text(document, "schema").equals(SCHEMA)) {
      throw new IllegalArgumentException("it is no " + SCHEMA);
    }
    ContextState state = state(document);
    each(
        document,
        JsonNode::isTextual,
        "improvementId title workspace policyDigest planDigest user policyOption next createdAt");
    each(
        document, JsonNode::isBoolean, "dryRun structural backup autoRollback validate rolledBack");
    each(document, JsonNode::isInt, "exitCode");
    each(document, JsonNode::isIntegralNumber, "lastEvent");
    each(document, JsonNode::isArray, "transactions reports");
    each(document, JsonNode::isObject, "author explain permissions");
    if (document.path("exitCode").asInt() == 0 && UNSUCCESSFUL.contains(state)) {
      throw new IllegalArgumentException("its exitCode is not that of its state");
    }
    Digest _ = Digest.parse(text(document, "policyDigest"));
    Digest _ = Digest.parse(text(document, "planDigest"));
    Instant _ = instant(document, "createdAt");
    each(document.path("author"), JsonNode::isTextual, "kind id onBehalfOf");
    explain(document.path("explain"));
    permissions(document.path("permissions"));
    texts(document, "reports");
    for (JsonNode one : document.path("transactions")) {
      each(one, JsonNode::isTextual, "id kind state");
    }
    later(document, state);
  }

  /** What comes while the run goes on. */
  private static void later(ObjectNode document, ContextState state) {
    if (document.has("baseDigest")) {
      Digest _ = Digest.parse(text(document, "baseDigest"));
    }
    if (document.has("endedAt")) {
      Instant _ = instant(document, "endedAt");
    }
    may(document, JsonNode::isTextual, "imageDigest layer");
    may(document, JsonNode::isObject, "changeSet verdict approvals failure patch brief");
    may(document, JsonNode::isArray, "steps");
    for (JsonNode step : document.path("steps")) {
      each(step, JsonNode::isTextual, "id result");
      each(step, JsonNode::isIntegralNumber, "millis");
      may(step, JsonNode::isInt, "exitCode");
      may(step, JsonNode::isTextual, "reason");
    }
    JsonNode change = document.path("changeSet");
    if (change.isObject()) {
      Digest _ = Digest.parse(text(change, "digest"));
      each(change, JsonNode::isIntegralNumber, "files linesAdded linesRemoved");
    }
    approvals(document.path("approvals"));
    failure(document.path("failure"));
    JsonNode patch = document.path("patch");
    if (patch.isObject()) {
      each(patch, JsonNode::isTextual, "file sha256 changeSet");
      texts(patch, "missing");
    }
    judged(document, state);
  }

  /** These come after a change set and a verdict on it; nobody waits to approve anything else. */
  private static void judged(ObjectNode document, ContextState state) {
    switch (state) {
      case DRY_RUN_PASSED, AWAITING_APPROVAL, APPROVED, PROMOTING, PROMOTED ->
          each(document, JsonNode::isObject, "changeSet verdict");
      default -> {}
    }
    if (document.has("verdict") && !document.has("changeSet")) {
      throw new IllegalArgumentException("it has a verdict on nothing");
    }
    if (document.has("changeSet")) {
      each(document, JsonNode::isTextual, "baseDigest imageDigest");
      each(document, JsonNode::isArray, "steps");
    }
  }

  private static void explain(JsonNode explain) {
    each(explain, JsonNode::isTextual, "toPeople toAgents");
    texts(explain, "agents");
    for (String told : new String[] {"toPeople", "toAgents"}) {
      if (!Set.of("full", "rule-id").contains(text(explain, told))) {
        throw new IllegalArgumentException("it does not say who is told what");
      }
    }
  }

  private static void permissions(JsonNode permissions) {
    each(permissions, JsonNode::isBoolean, "networkNone");
    each(permissions, JsonNode::isTextual, "file");
    each(permissions, JsonNode::isInt, "line");
    may(permissions, JsonNode::isIntegralNumber, "memory wallClockMillis");
    for (String list : new String[] {"write", "commands"}) {
      if (permissions.has(list)) {
        texts(permissions, list);
      }
    }
    PlanPermissions _ = Permissions.read(permissions); // its globs too
  }

  private static void approvals(JsonNode approvals) {
    if (approvals.isMissingNode()) {
      return;
    }
    each(approvals, JsonNode::isInt, "needed given");
    texts(approvals, "reasons");
    if (approvals.has("expiresAt")) {
      Instant _ = instant(approvals, "expiresAt");
    }
    each(approvals, JsonNode::isArray, "rules");
    for (JsonNode rule : approvals.path("rules")) {
      each(rule, JsonNode::isTextual, "rule");
      each(rule, JsonNode::isInt, "count missing");
      texts(rule, "from");
      texts(rule, "given");
    }
  }

  private static void failure(JsonNode failure) {
    if (failure.isMissingNode()) {
      return;
    }
    each(failure, JsonNode::isTextual, "code what");
    may(failure, JsonNode::isTextual, "where help");
    if (failure.has("notes")) {
      texts(failure, "notes");
    }
  }

  private static ContextState state(JsonNode document) {
    String state = text(document, "state");
    if (!ContextState.of(state).id().equals(state)) {
      throw new IllegalArgumentException("its state is none of ours");
    }
    return ContextState.of(state);
  }

  private static Instant instant(JsonNode node, String field) {
    try {
      return Instant.parse(text(node, field));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("its " + field + " is no time", e);
    }
  }

  private static String text(JsonNode node, String field) {
    each(node, JsonNode::isTextual, field);
    return node.path(field).asText();
  }

  private static void texts(JsonNode node, String field) {
    JsonNode list = node.path(field);
    if (!list.isArray() || !list.valueStream().allMatch(JsonNode::isTextual)) {
      throw new IllegalArgumentException("its " + field + " is no list of texts");
    }
  }

  /** Each of these fields is there and is such a one. */
  private static void each(JsonNode node, Predicate<JsonNode> is, String fields) {
    for (String field : fields.split(" ", -1)) {
      if (!is.test(node.path(field))) {
        throw new IllegalArgumentException(
            "its " + field + (node.has(field) ? " is of another type" : " is missing"));
      }
    }
  }

  /** The same for those that need not be there. */
  private static void may(JsonNode node, Predicate<JsonNode> is, String fields) {
    for (String field : fields.split(" ", -1)) {
      if (node.has(field)) {
        each(node, is, field);
      }
    }
  }
}
