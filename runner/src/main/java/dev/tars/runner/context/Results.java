package dev.tars.runner.context;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TransactionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of a run.
 *
 * @param approvals what people must agree to, as of when it was last asked
 * @param transactions promotions and rollbacks, oldest first
 * @param rolledBack true if nothing of it stands in the workspace any more
 * @param failure the last error, if there was one
 * @param patch the change as a file, if the policy wanted one in place of a promotion
 * @param waiting notifications that are sent once it is approved
 */
@PublicApi
public record Results(
    Optional<ApprovalsNeeded> approvals,
    List<Transaction> transactions,
    boolean rolledBack,
    Optional<Failure> failure,
    Optional<PatchRecord> patch,
    List<WaitingNotice> waiting) {
  public static final Results NONE =
      new Results(
          Optional.empty(), List.of(), false, Optional.empty(), Optional.empty(), List.of());

  public Results {
    transactions = List.copyOf(transactions);
    waiting = List.copyOf(waiting);
  }

  /**
   * Who must agree.
   *
   * @param reasons what calls for a person
   * @param expiresAt when an approval that was given before ends
   */
  public record ApprovalsNeeded(
      int needed,
      int given,
      List<Told> reasons,
      Optional<Instant> expiresAt,
      List<ApprovalRule> rules) {
    public ApprovalsNeeded {
      reasons = List.copyOf(reasons);
      rules = List.copyOf(rules);
    }
  }

  /**
   * One thing that people must give.
   *
   * @param id of the approval rule, {@code override GATE}, or empty for the policy's count
   * @param from who counts, as the policy says it; empty means anybody
   * @param given users whose approval counts for it
   * @param missing how many more it takes
   */
  public record ApprovalRule(
      String id, int count, List<String> from, List<String> given, int missing) {
    public ApprovalRule {
      from = List.copyOf(from);
      given = List.copyOf(given);
    }
  }

  /** A promotion or a rollback, and how it ended. */
  public record Transaction(TransactionId id, Kind kind, Ended state) {
    /** Which way it went. */
    public enum Kind {
      PROMOTE,
      ROLLBACK
    }

    /** {@code CONFLICTED}: a person must settle it with {@code recover}. */
    public enum Ended {
      COMMITTED,
      CONFLICTED
    }
  }

  /**
   * An error, as it was reported.
   *
   * @param what one sentence
   * @param full with what the policy's author wrote
   * @param brief for who is told no more of the policy than ids of rules
   */
  public record Failure(FailureCode code, String what, Advice full, Advice brief) {}

  /** Where an error is, what is known of it, and what to do; each may be empty. */
  public record Advice(String where, List<String> notes, String help) {
    public Advice {
      notes = List.copyOf(notes);
    }
  }

  /**
   * A change that was promoted as a patch.
   *
   * @param file absolute path
   * @param sha256 of its bytes
   * @param missing paths of which a patch does not say all
   */
  public record PatchRecord(String file, Digest sha256, Digest changeSet, List<String> missing) {
    public PatchRecord {
      missing = List.copyOf(missing);
    }
  }

  /** A notification of a step; {@code mayFail} if the plan goes on without it. */
  public record WaitingNotice(String step, String channel, String message, boolean mayFail) {}

  public Results withApprovals(Optional<ApprovalsNeeded> value) {
    return new Results(value, transactions, rolledBack, failure, patch, waiting);
  }

  public Results withTransactions(List<Transaction> value) {
    return new Results(approvals, value, rolledBack, failure, patch, waiting);
  }

  public Results withRolledBack(boolean value) {
    return new Results(approvals, transactions, value, failure, patch, waiting);
  }

  public Results withFailure(Failure value) {
    return new Results(approvals, transactions, rolledBack, Optional.of(value), patch, waiting);
  }

  public Results withPatch(PatchRecord value) {
    return new Results(approvals, transactions, rolledBack, failure, Optional.of(value), waiting);
  }

  public Results withoutPatch() {
    return new Results(approvals, transactions, rolledBack, failure, Optional.empty(), waiting);
  }

  public Results withWaiting(List<WaitingNotice> value) {
    return new Results(approvals, transactions, rolledBack, failure, patch, value);
  }
}
