package dev.tars.runner.reconcile;

import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.review.Approval;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The record of a context whose process is gone, as the log proves it. Pure: the same record and
 * proof always lead to the same record, and a record that agrees with the log comes back as it is.
 */
final class Derivation {
  private final ContextRecord record;
  private final Proof proof;

  private Derivation(ContextRecord record, Proof proof) {
    this.record = record;
    this.proof = proof;
  }

  static ContextRecord of(ContextRecord record, Proof proof) {
    return new Derivation(record, proof).derive();
  }

  private ContextRecord derive() {
    boolean waiting = record.state() instanceof Ending.Waiting;
    if (!record.isWorking() && !waiting) {
      return record; // an end is written after everything that it says
    }
    if (proof.open()) {
      return lost(
          "its process died in the middle of a transaction; `tarscli execute recover` settles it");
    }
    boolean judged = record.evidence().verdict().isPresent();
    if (!judged && (proof.standing().isPresent() || proof.patched())) {
      return lost( // a power cut took its record, not the log
          "its record is older than the audit log, which says what was promoted: `tarscli audit show"
              + " --context-id "
              + record.id()
              + "`");
    }
    if (proof.standing().isPresent()) {
      return promoted(proof.standing().get());
    }
    Optional<Results.PatchRecord> patch = record.results().patch().filter(_ -> proof.patched());
    if (patch.isPresent()) {
      String workspace = record.origin().place().workspace();
      List<String> apply = List.of("git", "-C", workspace, "apply", patch.get().file());
      return ended(
          Ending.Done.PROMOTED, 0, "apply it with `" + Escape.argv(apply) + "`", cleared());
    }
    if (hasConflict()) {
      return conflicted();
    }
    if (proof.rejection().isPresent()) {
      return rejected(proof.rejection().get());
    }
    if (waiting) {
      return record;
    }
    return record.state() == State.Working.APPROVED || record.state() == State.Working.PROMOTING
        ? waitingAgain()
        : lost("its process died; nothing was changed: run it again");
  }

  /** The change is in the workspace, or was: what its process did not come to say. */
  private ContextRecord promoted(Rollback.Standing standing) {
    Ending.Done state =
        switch (standing) {
          case ALL -> Ending.Done.PROMOTED;
          case PART -> Ending.Done.PARTLY_ROLLED_BACK;
          case NOTHING -> Ending.Done.ROLLED_BACK;
        };
    Optional<TransactionId> takenBack =
        proof.transactions().stream()
            .filter(t -> t.kind() == Results.Transaction.Kind.ROLLBACK)
            .reduce((a, b) -> b)
            .map(Results.Transaction::id);
    String next =
        standing == Rollback.Standing.ALL || takenBack.isEmpty()
            ? undo()
            : "take the rollback back with `tarscli execute rollback --context-id "
                + record.id()
                + " --transaction-id "
                + takenBack.get()
                + "`";
    return ended(state, 0, next, cleared());
  }

  private String undo() {
    boolean known =
        proof.transactions().stream()
            .allMatch(t -> record.results().transactions().stream().anyMatch(k -> same(k, t)));
    String why =
        known || record.state() == State.Working.ROLLING_BACK
            ? ""
            : "its process died when the change was promoted, before any after-check ended; ";
    return why
        + (record.origin().options().backup()
            ? "undo it with `tarscli execute rollback --context-id " + record.id() + " --all`"
            : "it was made with --no-backup");
  }

  private boolean hasConflict() {
    return proof.transactions().stream()
        .anyMatch(t -> t.state() == Results.Transaction.Ended.CONFLICTED);
  }

  private ContextRecord conflicted() {
    String help = "look at these files, then run `tarscli execute recover`";
    return ended(
        Ending.Failed.FAILED,
        FailureCode.IN_DOUBT.exitCode(),
        help,
        cleared(failure(FailureCode.IN_DOUBT, "a transaction met edits and is not settled", help)));
  }

  private ContextRecord rejected(Approval no) {
    String help = "change the improvement, then run it again";
    return ended(
        Ending.Failed.REJECTED,
        FailureCode.REJECTED.exitCode(),
        help,
        cleared(failure(FailureCode.REJECTED, "rejected by " + Escape.line(no.approver()), help)));
  }

  private ContextRecord waitingAgain() {
    return ended(
        Ending.Waiting.AWAITING_APPROVAL,
        FailureCode.APPROVAL_NEEDED.exitCode(),
        "its process died before anything was changed; go on with `tarscli execute review"
            + " --context-id "
            + record.id()
            + " --approve`, or end it with --reject",
        record.results().withoutPatch()); // the log does not know it, so it counts for nothing
  }

  private ContextRecord lost(String next) {
    ContextRecord.Progress then = record.progress();
    return with(
        new ContextRecord.Progress(
            Ending.Failed.LOST,
            FailureCode.ENGINE_LOST.exitCode(),
            Told.plain(next),
            then.endedAt(),
            then.lastEvent()),
        record.results());
  }

  private ContextRecord ended(Ending state, int exit, String next, Results results) {
    Instant at = proof.at().or(() -> record.progress().endedAt()).orElse(Instant.EPOCH);
    Results all = merged(results);
    return with(
        new ContextRecord.Progress(
            state, exit, Told.plain(next), Optional.of(at), record.progress().lastEvent()),
        all.withRolledBack(state == Ending.Done.ROLLED_BACK));
  }

  private ContextRecord with(ContextRecord.Progress progress, Results results) {
    return new ContextRecord(record.origin(), record.evidence(), progress, results);
  }

  private Results cleared() {
    return record.results().withApprovals(Optional.empty());
  }

  private Results cleared(Results.Failure failure) {
    return cleared().withFailure(failure);
  }

  /** What the record has, and what only the log has; the log knows how each ended. */
  private Results merged(Results results) {
    Map<TransactionId, Results.Transaction> all = new LinkedHashMap<>();
    results.transactions().forEach(t -> all.put(t.id(), t));
    proof.transactions().forEach(t -> all.put(t.id(), t));
    return results.withTransactions(new ArrayList<>(all.values()));
  }

  private static boolean same(Results.Transaction a, Results.Transaction b) {
    return a.id().equals(b.id());
  }

  private static Results.Failure failure(FailureCode code, String what, String help) {
    Results.Advice advice = new Results.Advice("", List.of(), help);
    return new Results.Failure(code, what, advice, advice);
  }
}
