package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The transactions in the audit log. INTENT says everything that undo needs; there is no record for
 * a single path, because what stands at a path says by its hash how far a transaction came.
 */
public final class Journal {
  private final AuditLog log;

  Journal(AuditLog log) {
    this.log = log;
  }

  /** What a transaction is for. */
  public enum Kind {
    PROMOTE,
    ROLLBACK
  }

  /** How it ended, or that it has not. */
  public enum State {
    OPEN,
    COMMITTED,
    ABORTED,
    CONFLICTED
  }

  /**
   * A transaction as the log knows it.
   *
   * @param context that it belongs to
   * @param undoes transactions that a rollback takes back
   * @param whole true for a rollback that takes back every path of what it undoes
   * @param times of what stood there before, by path, in nanoseconds
   */
  public record Transaction(
      TransactionId id,
      Kind kind,
      String context,
      Digest changeSet,
      List<String> undoes,
      boolean whole,
      List<PathMove> moves,
      Map<RelativePath, Long> times,
      State state) {
    public Transaction {
      undoes = List.copyOf(undoes);
      moves = List.copyOf(moves);
      times = Map.copyOf(times);
    }

    Transaction in(State next) {
      return new Transaction(id, kind, context, changeSet, undoes, whole, moves, times, next);
    }
  }

  /** Says that a staging directory is about to be made, so that a crash never leaves it. */
  void begin(TransactionId id, String context) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", id.text()).put("context", context);
    AuditRecord _ = log.append("BEGIN", payload);
  }

  /** Transactions that began and never came to INTENT: they changed nothing. */
  List<TransactionId> begun() {
    Set<String> ids = new LinkedHashSet<>();
    for (AuditRecord record : log.records()) {
      String id = record.payload().path("transaction").asText();
      if (record.type().equals("BEGIN")) {
        ids.add(id);
      } else if (record.type().equals("INTENT") || record.type().equals("ABORT")) {
        ids.remove(id);
      }
    }
    return ids.stream().map(TransactionId::new).toList();
  }

  State state(TransactionId id) {
    return all().stream().filter(t -> t.id().equals(id)).findFirst().orElseThrow().state();
  }

  void intent(Transaction transaction, ObjectNode binding) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", transaction.id().text());
    payload.put("kind", transaction.kind().name().toLowerCase(java.util.Locale.ROOT));
    payload.put("context", transaction.context());
    payload.put("changeSet", transaction.changeSet().toString());
    payload.set("binding", binding);
    ArrayNode undoes = payload.putArray("undoes");
    transaction.undoes().forEach(undoes::add);
    ArrayNode paths = payload.putArray("paths");
    for (PathMove move : transaction.moves()) {
      ObjectNode node = paths.addObject().put("path", move.path().bytes().hex());
      move.from().ifPresent(e -> node.set("from", entry(e)));
      move.to().ifPresent(e -> node.set("to", entry(e)));
      Long time = transaction.times().get(move.path());
      if (time != null) {
        node.put("modified", time);
      }
    }
    AuditRecord _ = log.append("INTENT", payload);
  }

  void end(String type, TransactionId id, String context, List<String> notes) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", id.text()).put("context", context);
    ArrayNode all = payload.putArray("notes");
    notes.forEach(all::add);
    AuditRecord _ = log.append(type, payload);
  }

  void checkpoint() {
    AuditRecord _ = log.checkpoint();
  }

  /** Every transaction, oldest first, with its state. */
  public List<Transaction> all() {
    Map<String, Transaction> found = new LinkedHashMap<>();
    for (AuditRecord record : log.records()) {
      String id = record.payload().path("transaction").asText();
      switch (record.type()) {
        case "INTENT" -> found.put(id, read(record.payload()));
        case "COMMIT" -> found.computeIfPresent(id, (k, t) -> t.in(State.COMMITTED));
        case "ABORT", "RESOLVE" -> found.computeIfPresent(id, (k, t) -> t.in(State.ABORTED));
        case "CONFLICT" -> found.computeIfPresent(id, (k, t) -> t.in(State.CONFLICTED));
        default -> {}
      }
    }
    return List.copyOf(found.values());
  }

  private static Transaction read(JsonNode payload) {
    List<PathMove> moves = new ArrayList<>();
    Map<RelativePath, Long> times = new LinkedHashMap<>();
    for (JsonNode node : payload.path("paths")) {
      RelativePath path = RelativePath.of(Bytes.fromHex(node.path("path").asText()));
      moves.add(new PathMove(path, entry(node, "from"), entry(node, "to"), Optional.empty()));
      if (node.has("modified")) {
        times.put(path, node.path("modified").asLong());
      }
    }
    List<String> undoes = new ArrayList<>();
    payload.path("undoes").forEach(u -> undoes.add(u.asText()));
    return new Transaction(
        new TransactionId(payload.path("transaction").asText()),
        Kind.valueOf(payload.path("kind").asText().toUpperCase(java.util.Locale.ROOT)),
        payload.path("context").asText(),
        Digest.parse(payload.path("changeSet").asText()),
        undoes,
        payload.path("binding").path("whole").asBoolean(),
        moves,
        times,
        State.OPEN);
  }

  private static ObjectNode entry(TreeEntry entry) {
    ObjectNode node = CanonicalJson.object();
    return switch (entry) {
      case TreeEntry.RegularFile f ->
          node.put("k", "f").put("m", f.mode()).put("h", f.content().hex()).put("s", f.size());
      case TreeEntry.Directory d -> node.put("k", "d").put("m", d.mode());
      case TreeEntry.Symlink l -> node.put("k", "l").put("t", l.target().hex());
    };
  }

  private static Optional<TreeEntry> entry(JsonNode parent, String field) {
    JsonNode node = parent.get(field);
    if (node == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (node.path("k").asText()) {
          case "f" ->
              new TreeEntry.RegularFile(
                  node.path("m").asInt(),
                  new Digest(node.path("h").asText()),
                  node.path("s").asLong());
          case "d" -> new TreeEntry.Directory(node.path("m").asInt());
          default -> new TreeEntry.Symlink(Bytes.fromHex(node.path("t").asText()));
        });
  }
}
