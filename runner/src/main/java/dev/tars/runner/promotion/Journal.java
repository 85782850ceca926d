package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.store.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The transactions in the audit log. INTENT names the manifest, which says everything that undo
 * needs; there is no record for a single path, because what stands at a path says by its hash how
 * far a transaction came.
 */
public final class Journal {
  private final AuditLog log;
  private final ObjectStore objects;

  Journal(AuditLog log, ObjectStore objects) {
    this.log = log;
    this.objects = objects;
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
   * @param manifest the object that holds its {@link Manifest}
   * @param collected why its backups are gone, if they are: it can no longer be rolled back
   */
  public record Transaction(
      TransactionId id,
      Kind kind,
      String context,
      Digest changeSet,
      List<String> undoes,
      boolean whole,
      Digest manifest,
      State state,
      Optional<String> collected) {
    public Transaction {
      undoes = List.copyOf(undoes);
    }

    Transaction in(State next) {
      return new Transaction(
          id, kind, context, changeSet, undoes, whole, manifest, next, collected);
    }

    Transaction withoutBackups(String why) {
      return new Transaction(
          id, kind, context, changeSet, undoes, whole, manifest, state, Optional.of(why));
    }
  }

  /** What a transaction does; throws INTEGRITY if the store does not have it whole. */
  Manifest manifest(Transaction transaction) {
    return Manifest.read(objects.read(transaction.manifest(), Integer.MAX_VALUE));
  }

  /** Says that a staging directory is about to be made, so that a crash never leaves it. */
  void begin(TransactionId id, String context) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", id.text()).put("context", context);
    AuditRecord _ = log.append("BEGIN", payload);
  }

  void intent(Transaction transaction, int paths, ObjectNode binding) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", transaction.id().text());
    payload.put("kind", transaction.kind().name().toLowerCase(java.util.Locale.ROOT));
    payload.put("context", transaction.context());
    payload.put("changeSet", transaction.changeSet().toString());
    payload.put("manifest", transaction.manifest().toString()).put("paths", paths);
    payload.set("binding", binding);
    ArrayNode undoes = payload.putArray("undoes");
    transaction.undoes().forEach(undoes::add);
    AuditRecord _ = log.appendAndReserve("INTENT", payload);
  }

  void end(String type, TransactionId id, String context, List<String> notes) {
    end(type, id, context, notes, List.of());
  }

  /** With the objects that keep what people saved meanwhile. */
  void end(
      String type, TransactionId id, String context, List<String> notes, List<Digest> objects) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", id.text()).put("context", context);
    ArrayNode all = payload.putArray("notes");
    notes.forEach(all::add);
    if (!objects.isEmpty()) {
      ArrayNode kept = payload.putArray("kept");
      objects.forEach(o -> kept.add(o.hex()));
    }
    AuditRecord _ = log.append(type, payload);
  }

  /** Says that transactions can no longer be rolled back, before anything of them is removed. */
  void collect(List<String> transactions, String because) {
    ObjectNode payload = CanonicalJson.object().put("because", because);
    ArrayNode ids = payload.putArray("transactions");
    transactions.forEach(ids::add);
    AuditRecord _ = log.append("GC", payload);
  }

  void pin(TransactionId id, boolean pinned) {
    ObjectNode payload = CanonicalJson.object().put("transaction", id.text());
    AuditRecord _ = log.append("PIN", payload.put("pinned", pinned));
  }

  /** What is read from here on survives a power cut, also if its writer was killed. */
  void sync() {
    log.sync();
  }

  /** Says which bytes were written late, and where they are kept. */
  void late(TransactionId id, String context, List<LateEdits.Late> late) {
    ObjectNode payload = CanonicalJson.object();
    payload.put("transaction", id.text()).put("context", context);
    ArrayNode notes = payload.putArray("notes");
    ArrayNode kept = payload.putArray("kept");
    late.forEach(l -> notes.add(l.line()));
    late.forEach(l -> kept.add(l.object().hex()));
    AuditRecord _ = log.append("LATE-EDIT", payload);
  }

  /** What was kept of writes that came late for a transaction. */
  Set<Digest> reported(TransactionId id) {
    Set<Digest> kept = new LinkedHashSet<>();
    for (AuditRecord record :
        log.since(r -> r.type().equals("BEGIN") && isAbout(r.payload(), id))) {
      if (record.type().equals("LATE-EDIT") && isAbout(record.payload(), id)) {
        record.payload().path("kept").forEach(hex -> kept.add(new Digest(hex.asText())));
      }
    }
    return kept;
  }

  private static boolean isAbout(JsonNode payload, TransactionId id) {
    return payload.path("transaction").asText().equals(id.text());
  }

  /** Nothing more may be written until a person has settled it. */
  void doubt(String why) {
    log.raiseDoubt(why);
  }

  void requireNoDoubt() {
    log.requireNoDoubt();
  }

  Optional<String> doubt() {
    return log.doubt();
  }

  void settleDoubt() {
    log.settleDoubt();
  }

  /** By the clock of the log. */
  Instant now() {
    return log.now();
  }

  /** One transaction that came to INTENT, wherever it stands in the log. */
  Optional<Transaction> find(TransactionId id) {
    return history(log.since(r -> r.type().equals("INTENT") && isAbout(r.payload(), id)))
        .known()
        .stream()
        .filter(t -> t.id().equals(id))
        .findFirst();
  }

  void checkpoint() {
    AuditRecord _ = log.checkpoint();
  }

  /**
   * Transactions in the order of the log.
   *
   * @param known those that came to INTENT
   * @param begun those that did not: they changed nothing
   */
  record History(List<Transaction> known, List<TransactionId> begun) {}

  /** The newest transaction: no other can be unsettled, for each settles what was before it. */
  History newest() {
    return history(log.since(record -> record.type().equals("BEGIN")));
  }

  /** Every transaction since a context was made, others' included. */
  List<Transaction> since(String context) {
    return history(
            log.since(record ->
                record.type().equals("run")
                    && record.payload().path("context").asText().equals(context)))
        .known();
  }

  private static History history(List<AuditRecord> records) {
    Map<String, Transaction> found = new LinkedHashMap<>();
    Set<String> begun = new LinkedHashSet<>();
    for (AuditRecord record : records) {
      String id = record.payload().path("transaction").asText();
      switch (record.type()) {
        case "BEGIN" -> begun.add(id);
        case "INTENT" -> {
          begun.remove(id);
          found.put(id, read(record.payload()));
        }
        case "COMMIT" -> found.computeIfPresent(id, (k, t) -> t.in(State.COMMITTED));
        case "ABORT", "RESOLVE" -> {
          begun.remove(id);
          found.computeIfPresent(id, (k, t) -> t.in(State.ABORTED));
        }
        case "GC" -> {
          String why = record.payload().path("because").asText();
          record
              .payload()
              .path("transactions")
              .forEach(t -> found.computeIfPresent(t.asText(), (k, v) -> v.withoutBackups(why)));
        }
        case "CONFLICT" -> found.computeIfPresent(id, (k, t) -> t.in(State.CONFLICTED));
        default -> {}
      }
    }
    return new History(
        List.copyOf(found.values()), begun.stream().map(TransactionId::new).toList());
  }

  private static Transaction read(JsonNode payload) {
    List<String> undoes = new ArrayList<>();
    payload.path("undoes").forEach(u -> undoes.add(u.asText()));
    return new Transaction(
        new TransactionId(payload.path("transaction").asText()),
        Kind.valueOf(payload.path("kind").asText().toUpperCase(java.util.Locale.ROOT)),
        payload.path("context").asText(),
        Digest.parse(payload.path("changeSet").asText()),
        undoes,
        payload.path("binding").path("whole").asBoolean(),
        Digest.parse(payload.path("manifest").asText()),
        State.OPEN,
        Optional.empty());
  }
}
