package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ContextId;
import java.util.Set;

/** {@code context.json} as a run leaves it, for tests in which none runs. */
public final class KeptDocument {
  private static final String DIGEST = "sha256:" + "0".repeat(64);

  private KeptDocument() {}

  /** What a run begins with. */
  static Origin origin(ContextId id) {
    ObjectNode document = ended(id.text(), "cancelled", "2026-01-01T00:00:00Z");
    return ContextCodec.read(JsonFields.of(document)).origin();
  }

  private static ObjectNode facts() {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    for (String field : "improvementId title workspace user policyOption next".split(" ", -1)) {
      facts.put(field, "");
    }
    for (String field :
        "dryRun structural backup autoRollback validate rolledBack".split(" ", -1)) {
      facts.put(field, false);
    }
    facts.put("policyDigest", DIGEST).put("planDigest", DIGEST).put("exitCode", 0);
    facts.putObject("author").put("kind", "").put("id", "").put("onBehalfOf", "");
    facts.putArray("transactions");
    facts.putArray("reports");
    facts.putObject("explain").put("toPeople", "full").put("toAgents", "full").putArray("agents");
    facts.putObject("permissions").put("networkNone", false).put("file", "").put("line", 1);
    return facts;
  }

  /** A run that has ended. */
  public static ObjectNode ended(String id, String state, String at) {
    ObjectNode document = facts().put("schema", "tars.context/v1").put("contextId", id);
    boolean done = Set.of("dry-run-passed", "promoted", "rolled-back").contains(state);
    document.put("state", state).put("exitCode", done ? 0 : 12).put("lastEvent", 1);
    document.put("rolledBack", state.equals("rolled-back"));
    document.putObject("failure").put("code", "TARS-STALE").put("what", "it moved");
    document.put("createdAt", at).put("endedAt", at);
    document.put("baseDigest", DIGEST).put("imageDigest", DIGEST).putArray("steps");
    document
        .putObject("changeSet")
        .put("digest", DIGEST)
        .put("files", 1)
        .put("linesAdded", 1)
        .put("linesRemoved", 0);
    return document;
  }

  /** The same as a change that was judged. */
  public static ObjectNode judged(String id, String state, String at) {
    ObjectNode document = ended(id, state, at);
    ObjectNode verdict = document.putObject("verdict").put("schema", "tars.verdict/v1");
    verdict.put("result", "passed").put("changeSet", DIGEST);
    verdict.putArray("gates");
    verdict.putArray("findings");
    verdict.putArray("asks");
    ObjectNode isolation = verdict.putObject("isolation");
    isolation.putObject("facts").put("network", "none");
    isolation.putArray("missing");
    return document;
  }
}
