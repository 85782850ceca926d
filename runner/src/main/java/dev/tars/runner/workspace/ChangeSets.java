package dev.tars.runner.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TreeEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The canonical manifest of a change set, its digest, and {@code tars.changes/v1}. */
public final class ChangeSets {
  private static final String SCHEMA = "tars.changes/v1";

  private ChangeSets() {}

  /** SHA-256 of the canonical manifest: what a verdict, an approval and a transaction name. */
  public static Digest digest(ChangeSet changeSet) {
    return CanonicalJson.digest(manifest(changeSet));
  }

  /** The base and every change in path order; nothing that the run dropped or noticed. */
  public static ObjectNode manifest(ChangeSet changeSet) {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    manifest.put("schema", SCHEMA).put("base", changeSet.baseDigest().toString());
    ArrayNode changes = manifest.putArray("changes");
    for (Change change : changeSet.changes()) {
      ObjectNode node = changes.addObject();
      node.put("pathHex", change.path().bytes().hex());
      node.put("path", change.path().toString());
      node.put("operation", operation(change));
      change.before().ifPresent(e -> node.set("before", entry(e)));
      change.after().ifPresent(e -> node.set("after", entry(e)));
    }
    return manifest;
  }

  /** The manifest with its digest, what was dropped and what was noticed. */
  public static ObjectNode toJson(ChangeSet changeSet) {
    ObjectNode document = manifest(changeSet);
    document.put("digest", digest(changeSet).toString());
    ArrayNode dropped = document.putArray("dropped");
    for (DroppedPath path : changeSet.dropped()) {
      dropped
          .addObject()
          .put("pathHex", path.path().bytes().hex())
          .put("path", path.path().toString())
          .put("reason", path.reason().name().toLowerCase(Locale.ROOT));
    }
    ArrayNode findings = document.putArray("findings");
    for (Finding finding : changeSet.findings()) {
      ObjectNode node = findings.addObject().put("rule", finding.rule());
      node.put("severity", finding.severity().name()).put("path", finding.path());
      finding.told().into(node.put("line", finding.line()), "message");
    }
    return document;
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is damaged, or its digest is not that of its content
   */
  public static ChangeSet fromJson(JsonNode document) {
    for (String list : List.of("changes", "dropped", "findings")) {
      if (!document.path(list).isArray()) {
        throw new IllegalArgumentException("its " + list + " are no list");
      }
    }
    List<Change> changes = new ArrayList<>();
    if (!document.path("schema").asText().equals(SCHEMA)) {
      throw new IllegalArgumentException("it is no " + SCHEMA);
    }
    for (JsonNode node : document.path("changes")) {
      Change change = new Change(path(node), entry(node, "before"), entry(node, "after"));
      if (!node.path("path").asText().equals(change.path().toString())
          || !node.path("operation").asText().equals(operation(change))) {
        throw new IllegalArgumentException("what it shows of a change is not what it says");
      }
      changes.add(change);
    }
    List<DroppedPath> dropped = new ArrayList<>();
    for (JsonNode node : document.path("dropped")) {
      String reason = node.path("reason").asText().toUpperCase(Locale.ROOT);
      dropped.add(new DroppedPath(path(node), DroppedPath.Reason.valueOf(reason)));
    }
    List<Finding> findings = new ArrayList<>();
    for (JsonNode node : document.path("findings")) {
      findings.add(
          new Finding(
              node.path("rule").asText(),
              Severity.valueOf(node.path("severity").asText()),
              node.path("path").asText(),
              node.path("line").asInt(),
              node.path("message").asText(),
              Told.of(node, "message").brief()));
    }
    ChangeSet changeSet =
        new ChangeSet(Digest.parse(document.path("base").asText()), changes, dropped, findings);
    if (!digest(changeSet).toString().equals(document.path("digest").asText())) {
      throw new IllegalArgumentException("the digest is not that of the changes");
    }
    return changeSet;
  }

  private static String operation(Change change) {
    return change.operation().name().toLowerCase(Locale.ROOT);
  }

  private static RelativePath path(JsonNode node) {
    return RelativePath.of(Bytes.fromHex(node.path("pathHex").asText()));
  }

  private static ObjectNode entry(TreeEntry entry) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (entry) {
      case TreeEntry.RegularFile file ->
          node.put("kind", "file")
              .put("mode", Integer.toOctalString(file.mode()))
              .put("sha256", file.content().hex())
              .put("size", file.size());
      case TreeEntry.Directory directory ->
          node.put("kind", "directory").put("mode", Integer.toOctalString(directory.mode()));
      case TreeEntry.Symlink link ->
          node.put("kind", "symlink").put("targetHex", link.target().hex());
    }
    return node;
  }

  private static Optional<TreeEntry> entry(JsonNode change, String field) {
    JsonNode node = change.get(field);
    if (node == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (node.path("kind").asText()) {
          case "file" ->
              new TreeEntry.RegularFile(
                  mode(node), new Digest(node.path("sha256").asText()), node.path("size").asLong());
          case "directory" -> new TreeEntry.Directory(mode(node));
          case "symlink" -> new TreeEntry.Symlink(Bytes.fromHex(node.path("targetHex").asText()));
          default -> throw new IllegalArgumentException("unknown kind of entry");
        });
  }

  private static int mode(JsonNode node) {
    return Integer.parseInt(node.path("mode").asText(), 8);
  }
}
