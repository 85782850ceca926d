package dev.tars.runner.reconcile;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.context.Results;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.promotion.Journal;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.review.Approval;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the audit log proves of one context.
 *
 * @param transactions promotions and rollbacks that were committed or met edits, oldest first
 * @param standing how much of its promotions stands; empty if none was committed
 * @param open true if a transaction was interrupted and is not settled yet
 * @param patched true if the change was published as a patch
 * @param rejection what a person said last, if that was no
 * @param at when the last of its records was written; empty if the log has none
 */
record Proof(
    List<Results.Transaction> transactions,
    Optional<Rollback.Standing> standing,
    boolean open,
    boolean patched,
    Optional<Approval> rejection,
    Optional<Instant> at) {

  Proof {
    transactions = List.copyOf(transactions);
  }

  static Proof of(AuditLog log, StoreLayout layout, WorkspaceDir workspace, ContextId id) {
    boolean patched = false;
    Optional<Approval> last = Optional.empty();
    Optional<Instant> at = Optional.empty();
    for (AuditRecord record : log.since(r -> r.type().equals("run") && isAbout(r, id))) {
      if (isAbout(record, id)) {
        at = Optional.of(Instant.parse(record.time()));
        patched |= record.type().equals("patch");
        if (record.type().equals("approval")) {
          last = Optional.of(Approval.read(record.payload()));
        }
      }
    }
    Rollback history = new Rollback(layout, workspace, log);
    List<Journal.Transaction> ours =
        history.since(id.text()).stream().filter(t -> t.context().equals(id.text())).toList();
    boolean promoted =
        ours.stream()
            .anyMatch(
                t -> t.kind() == Journal.Kind.PROMOTE && t.state() == Journal.State.COMMITTED);
    return new Proof(
        results(ours),
        promoted ? Optional.of(history.howMuch(id.text())) : Optional.empty(),
        ours.stream().anyMatch(t -> t.state() == Journal.State.OPEN),
        patched,
        last.filter(said -> said.verb() == Approval.Verb.REJECT),
        at);
  }

  private static boolean isAbout(AuditRecord record, ContextId id) {
    return record.payload().path("context").asText().equals(id.text());
  }

  private static List<Results.Transaction> results(List<Journal.Transaction> ours) {
    List<Results.Transaction> results = new ArrayList<>();
    for (Journal.Transaction t : ours) {
      Results.Transaction.Kind kind =
          t.kind() == Journal.Kind.PROMOTE
              ? Results.Transaction.Kind.PROMOTE
              : Results.Transaction.Kind.ROLLBACK;
      switch (t.state()) {
        case COMMITTED ->
            results.add(new Results.Transaction(t.id(), kind, Results.Transaction.Ended.COMMITTED));
        case CONFLICTED ->
            results.add(
                new Results.Transaction(t.id(), kind, Results.Transaction.Ended.CONFLICTED));
        case OPEN, ABORTED -> {}
      }
    }
    return results;
  }
}
