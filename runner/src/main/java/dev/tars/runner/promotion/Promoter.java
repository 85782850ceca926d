package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.TreeDifference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Applies an approved change set to the workspace: all of it or nothing. */
public final class Promoter {
  private final Transactions transactions;

  public Promoter(StoreLayout layout, WorkspaceDir workspace, AuditLog log) {
    this.transactions = new Transactions(layout, workspace, log);
  }

  /**
   * What to promote.
   *
   * @param drift paths on which the workspace is no longer what was verified; asked under the lock
   * @param grace how long to wait for late writes after COMMIT
   */
  public record Request(
      String context,
      ReviewDecision.Approved approval,
      ChangeSet changeSet,
      Supplier<List<TreeDifference>> drift,
      Duration lockWait,
      Duration grace) {}

  /**
   * Promotes. The approval must name the very change set.
   *
   * @throws RunnerException INTEGRITY if it names another, LOCKED, IN_DOUBT
   */
  public PromotionOutcome promote(Request request) {
    return transactions.run(order(request));
  }

  /**
   * Asks everything that a promotion asks, and then lets {@code publish} take its place, under the
   * lock. The workspace is only read.
   *
   * @return what is no longer as it was verified; empty if it was published
   * @throws RunnerException INTEGRITY if the approval names another change set, LOCKED, IN_DOUBT,
   *     DISK_FULL, IO_FAILED
   */
  public List<PathConflict> publish(Request request, Runnable publish) {
    return transactions.instead(order(request), publish);
  }

  /**
   * The paths that no promotion of this change set can be done on before somebody does what each
   * says, whatever is approved. The workspace is only read, and no lock is taken.
   *
   * @throws RunnerException STALE if the workspace is another directory, IO_FAILED
   */
  public List<PathConflict> obstacles(ChangeSet changeSet) {
    return transactions.obstacles(moves(changeSet));
  }

  private static List<PathMove> moves(ChangeSet changeSet) {
    return changeSet.changes().stream()
        .map(c -> new PathMove(c.path(), c.before(), c.after(), Optional.empty()))
        .toList();
  }

  private static Transactions.Order order(Request request) {
    Digest digest = ChangeSets.digest(request.changeSet());
    if (!digest.equals(request.approval().changeSet())) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the approval names another change set than the one at hand")
          .note("approved " + request.approval().changeSet() + ", found " + digest)
          .help("run the improvement again");
    }
    ObjectNode binding = CanonicalJson.object();
    binding.put("policy", request.approval().policy().toString());
    binding.put("image", request.approval().image());
    ArrayNode by = binding.putArray("approvedBy");
    request.approval().by().forEach(by::add);
    Supplier<List<PathConflict>> check =
        () ->
            request.drift().get().stream()
                .map(d -> PathConflict.drift(d.path(), d.before(), d.after()))
                .toList();
    return new Transactions.Order(
        Journal.Kind.PROMOTE,
        request.context(),
        digest,
        List.of(),
        moves(request.changeSet()),
        binding,
        check,
        request.lockWait(),
        request.grace());
  }
}
