package dev.tars.runner.run;

import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PromotionRules;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.Promoter;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.retention.Collector;
import dev.tars.runner.retention.RetentionLimits;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.people.ApprovalDesk;
import dev.tars.runner.run.steps.Deferred;
import dev.tars.runner.run.steps.Notices;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictExit;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.TreeDifference;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** From a verdict to the workspace: who must agree, and then the transaction. */
final class Promotions {
  /** How long a promotion waits for writes through files that were open during the swap. */
  static final Duration GRACE = Duration.ofMillis(200);

  /** How often a change follows a workspace that moves on before it is stale after all. */
  private static final int MOST_MOVES = 3;

  private final Workbench bench;
  private final RunContext context;
  private final EffectivePolicy policy;
  private final BooleanSupplier cancelled;
  private final ApprovalDesk desk;

  Promotions(
      Workbench bench, RunContext context, EffectivePolicy policy, BooleanSupplier cancelled) {
    this.bench = bench;
    this.context = context;
    this.policy = policy;
    this.cancelled = cancelled;
    this.desk = new ApprovalDesk(bench, context);
  }

  /** True if people may let this verdict through. */
  boolean isOverridable(Verdict verdict) {
    return desk.isOverridable(policy, verdict);
  }

  /**
   * Promotes a change as soon as everybody who must has agreed, and says who is missing where they
   * have not. Where the workspace moved meanwhile, the policy says whether the change follows it.
   */
  void follow(Verdict first, Sandbox.ImageFacts image, Duration lockWait) {
    Verdict verdict = first;
    for (int moves = 0; ; moves++) {
      ReviewDecision decision = desk.decide(policy, image.id(), verdict);
      if (!(decision instanceof ReviewDecision.Approved approved)) {
        stop(decision);
        return;
      }
      List<PathConflict> inTheWay = promote(approved, lockWait);
      if (inTheWay.isEmpty()) {
        return;
      }
      if (policy.promotion().onDrift() != PromotionRules.OnDrift.REVALIDATE
          || inTheWay.stream().anyMatch(c -> c.remedy().isPresent())
          || moves == MOST_MOVES) {
        throw Refusals.stale(inTheWay);
      }
      verdict = new Revalidation(bench, context, policy, cancelled).run(inTheWay, image);
      new Attestation(bench, context, policy).write(List.of());
      Optional<FailureCode> refused = VerdictExit.of(verdict);
      if (refused.isPresent()) {
        throw Refusals.verdict(refused.get(), verdict, context);
      }
    }
  }

  private void stop(ReviewDecision decision) {
    switch (decision) {
      case ReviewDecision.Approved _ -> throw new IllegalStateException("it is promoted");
      case ReviewDecision.Rejected rejected ->
          throw new RunnerException(
              FailureCode.REJECTED, rejected.reason(), "change the improvement, then run it again");
      case ReviewDecision.NeedsApproval needs -> {
        context.approvals(Optional.of(ApprovalDesk.missing(needs)));
        boolean failed =
            context
                .record()
                .evidence()
                .verdict()
                .filter(v -> v.verdict().result() == Verdict.Result.FAILED)
                .isPresent();
        context.end(
            Ending.Waiting.AWAITING_APPROVAL,
            (failed ? FailureCode.GATE_FAILED : FailureCode.APPROVAL_NEEDED).exitCode(),
            "look at it: `tarscli execute review --context-id "
                + context.id()
                + (failed
                    ? "`, then add --approve --override GATE --comment REASON, or --reject"
                    : "`, then add --approve or --reject"));
      }
    }
  }

  /** The paths on which the workspace moved, and then nothing was promoted; else it is done. */
  private List<PathConflict> promote(ReviewDecision.Approved approved, Duration lockWait) {
    bench.audit().get().requireVouched();
    context.enter(State.Working.APPROVED);
    Refusals.requireGoingOn(cancelled);
    Deferred.send(context, new Notices(bench, context, policy.channels(), false));
    ChangeSet changeSet = new Contexts(bench.layout()).changeSet(context.dir());
    Digest baseline = context.baseline();
    context.enter(State.Working.PROMOTING);
    Refusals.requireGoingOn(cancelled);
    Promoter promoter = new Promoter(bench.layout(), bench.workspaceDir(), bench.audit().get());
    Promoter.Request request =
        new Promoter.Request(
            context.id().text(),
            approved,
            changeSet,
            () -> drift(approved, baseline),
            lockWait,
            GRACE);
    return switch (policy.promotion().target()) {
      case WORKTREE -> ended(promoter.promote(request), approved.by(), lockWait);
      case PATCH_FILE -> publish(promoter, request);
    };
  }

  /** What the policy alone approves must be on the whole tree that was verified. */
  private List<TreeDifference> drift(ReviewDecision.Approved approved, Digest baseline) {
    PromotionRules.RequireBase required = policy.promotion().requireBase();
    if (required == PromotionRules.RequireBase.PATHS && !approved.by().equals(List.of("policy"))) {
      return List.of();
    }
    Baselines.DriftScope scope =
        required == PromotionRules.RequireBase.EVERYTHING
            ? Baselines.DriftScope.EVERYTHING
            : Baselines.DriftScope.NOT_IGNORED;
    return bench.baselines().get().drift(bench.workspaceDir(), baseline, policy, scope);
  }

  /** The patch in place of the change, after everything that is asked for the change. */
  private List<PathConflict> publish(Promoter promoter, Promoter.Request request) {
    PatchFile patch = new PatchFile(bench, context, request.approval(), request.changeSet());
    List<PathConflict> conflicts = List.of();
    if (!policy.promotion().afterCheck().isEmpty()) {
      conflicts = promoter.publish(request, () -> {}); // else there is nothing to check it on
    }
    if (conflicts.isEmpty()) {
      new AfterCheck(bench, context, policy).ofPatch(request.changeSet());
      conflicts = promoter.publish(request, patch::publish);
    }
    if (conflicts.isEmpty()) {
      new Attestation(bench, context, policy).write(request.approval().by());
      context.end(Ending.Done.PROMOTED, 0, "apply it with `" + PatchFile.howToApply(context) + "`");
    }
    return conflicts;
  }

  private List<PathConflict> ended(
      PromotionOutcome outcome, List<String> approvedBy, Duration lockWait) {
    switch (outcome) {
      case PromotionOutcome.Committed committed -> committed(committed, approvedBy, lockWait);
      case PromotionOutcome.Stale stale -> {
        return stale.conflicts();
      }
      case PromotionOutcome.Conflicted conflicted -> {
        context.conflicted(conflicted.id());
        throw Refusals.inDoubt(conflicted);
      }
      case PromotionOutcome.Failed failed -> throw failed.cause();
    }
    return List.of();
  }

  private void committed(
      PromotionOutcome.Committed committed, List<String> approvedBy, Duration lockWait) {
    context.committed(committed.id(), Results.Transaction.Kind.PROMOTE);
    context.event(new ContextEvent.Promoted(committed.id()));
    committed.lateEdits().forEach(context::note);
    context.approvals(Optional.empty());
    context.save();
    new AfterCheck(bench, context, policy).of(committed.id().text(), lockWait);
    new Attestation(bench, context, policy).write(approvedBy);
    boolean undoable = context.origin().options().backup();
    if (!undoable) {
      new Collector(bench, RetentionLimits.of(policy.retention()))
          .drop(
              committed.id().text(),
              context.id().text(),
              "the run was made with --no-backup, and its after-check has passed");
    }
    context.end(
        Ending.Done.PROMOTED,
        0,
        undoable
            ? "undo it with `tarscli execute rollback --context-id " + context.id() + " --all`"
            : "it cannot be undone: it was made with --no-backup");
  }
}
