package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PromotionRules;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.Promoter;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.review.Approval;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictExit;
import dev.tars.runner.validation.VerdictJson;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** From a verdict to the workspace: who must agree, and then the transaction. */
final class Promotions {
  /** How long a promotion waits for writes through files that were open during the swap. */
  static final Duration GRACE = Duration.ofMillis(200);

  /** How often a change follows a workspace that moves on before it is stale after all. */
  private static final int MOST_MOVES = 3;

  private int moved;
  private List<String> approvedBy = List.of();
  private final Workbench bench;
  private final RunContext context;
  private final ApprovalDesk desk;

  Promotions(Workbench bench, RunContext context) {
    this.bench = bench;
    this.context = context;
    this.desk = new ApprovalDesk(bench, context);
  }

  /** What the policy, the verdict and everything that people said lead to. */
  ReviewDecision decide(EffectivePolicy policy, String image, Verdict verdict) {
    return desk.decide(policy, image, verdict);
  }

  /** True if people may let this verdict through. */
  boolean isOverridable(EffectivePolicy policy, Verdict verdict) {
    return desk.isOverridable(policy, verdict);
  }

  /** Paths that no promotion of the change can be done on, whatever is approved. */
  List<PathConflict> obstacles(ChangeSet changeSet) {
    return new Promoter(bench.layout(), bench.workspaceDir(), bench.audit().get())
        .obstacles(changeSet);
  }

  /** Promotes what is approved, and says what is missing where it is not. */
  void follow(ReviewDecision decision, EffectivePolicy policy, Duration lockWait) {
    switch (decision) {
      case ReviewDecision.Approved approved -> promote(approved, policy, lockWait);
      case ReviewDecision.Rejected rejected ->
          throw new RunnerException(
              FailureCode.REJECTED, rejected.reason(), "change the improvement, then run it again");
      case ReviewDecision.NeedsApproval needs -> {
        context.edit().set("approvals", ApprovalDesk.missing(needs));
        boolean failed =
            context.document().path("verdict").path("result").asText().equals("failed");
        context.end(
            ContextState.AWAITING_APPROVAL,
            (failed ? FailureCode.GATE_FAILED : FailureCode.APPROVAL_NEEDED).exitCode(),
            "look at it: `tarscli execute review --context-id "
                + context.id()
                + (failed
                    ? "`, then add --approve --override GATE --comment REASON, or --reject"
                    : "`, then add --approve or --reject"));
      }
    }
  }

  private void promote(
      ReviewDecision.Approved approved, EffectivePolicy policy, Duration lockWait) {
    bench.audit().get().requireVouched();
    context.enter(ContextState.APPROVED);
    Deferred.send(context, new Notices(bench, context, policy.channels(), false));
    ChangeSet changeSet = new Contexts(bench.layout(), bench.clock()).changeSet(context.dir());
    Digest baseline = context.baseline();
    context.enter(ContextState.PROMOTING);
    boolean wholeTree =
        approved.by().equals(List.of("policy"))
            || policy.promotion().requireBase() == PromotionRules.RequireBase.TREE;
    Promoter promoter = new Promoter(bench.layout(), bench.workspaceDir(), bench.audit().get());
    Promoter.Request request =
        new Promoter.Request(
            context.id().text(),
            approved,
            changeSet,
            () ->
                wholeTree
                    ? bench
                        .baselines()
                        .get()
                        .drift(
                            bench.workspaceDir(),
                            baseline,
                            policy,
                            Baselines.DriftScope.NOT_IGNORED)
                    : List.of(),
            lockWait,
            GRACE);
    switch (policy.promotion().target()) {
      case WORKTREE -> {
        approvedBy = approved.by();
        ended(promoter.promote(request), policy, lockWait);
      }
      case PATCH_FILE -> publish(promoter, request, policy);
    }
  }

  /** The patch in place of the change, after everything that is asked for the change. */
  private void publish(Promoter promoter, Promoter.Request request, EffectivePolicy policy) {
    PatchFile patch = new PatchFile(bench, context, request.approval(), request.changeSet());
    List<PathConflict> conflicts = List.of();
    if (!policy.promotion().afterCheck().isEmpty()) {
      conflicts = promoter.publish(request, () -> {}); // else there is nothing to check it on
    }
    if (conflicts.isEmpty()) {
      new AfterCheck(bench, context, policy).ofPatch(request.changeSet());
      conflicts = promoter.publish(request, patch::publish);
    }
    if (!conflicts.isEmpty()) {
      ended(new PromotionOutcome.Stale(conflicts), policy, request.lockWait());
      return;
    }
    new Attestation(bench, context, policy).write(request.approval().by());
    context.end(ContextState.PROMOTED, 0, "apply it with `" + PatchFile.howToApply(context) + "`");
  }

  private void ended(PromotionOutcome outcome, EffectivePolicy policy, Duration lockWait) {
    switch (outcome) {
      case PromotionOutcome.Committed committed -> {
        addTransaction(context, committed.id().text(), "promote", "committed");
        context.event(
            "promoted",
            JsonNodeFactory.instance.objectNode().put("transaction", committed.id().text()));
        committed.lateEdits().forEach(this::note);
        context.edit().remove("approvals");
        context.save();
        new AfterCheck(bench, context, policy).of(committed.id().text(), lockWait);
        new Attestation(bench, context, policy).write(approvedBy);
        if (context.text("backup").equals("false")) {
          new Collector(bench, RetentionLimits.of(policy.retention()))
              .drop(
                  committed.id().text(),
                  context.id().text(),
                  "the run was made with --no-backup, and its after-check has passed");
          context.end(
              ContextState.PROMOTED, 0, "it cannot be undone: it was made with --no-backup");
          return;
        }
        context.end(
            ContextState.PROMOTED,
            0,
            "undo it with `tarscli execute rollback --context-id " + context.id() + " --all`");
      }
      case PromotionOutcome.Stale stale -> {
        if (policy.promotion().onDrift() != PromotionRules.OnDrift.REVALIDATE
            || stale.conflicts().stream().anyMatch(c -> c.remedy().isPresent())
            || ++moved > MOST_MOVES) {
          throw stale(stale.conflicts());
        }
        Revalidation.Again again = new Revalidation(bench, context, policy).run(stale.conflicts());
        new Attestation(bench, context, policy).write(List.of());
        Optional<FailureCode> refused = VerdictExit.of(again.verdict());
        if (refused.isPresent()) {
          throw Execution.verdictFailed(refused.get(), again.verdict(), context);
        }
        follow(decide(policy, again.image().id(), again.verdict()), policy, lockWait);
      }
      case PromotionOutcome.Conflicted conflicted -> {
        addTransaction(context, conflicted.id().text(), "promote", "conflicted");
        throw inDoubt(conflicted);
      }
      case PromotionOutcome.Failed failed -> throw failed.cause();
    }
  }

  /** Says why a transaction could not begin, and whether running again would help. */
  static RunnerException stale(List<PathConflict> conflicts) {
    List<PathConflict> obstacles = conflicts.stream().filter(c -> c.remedy().isPresent()).toList();
    RunnerException.Builder error =
        obstacles.isEmpty()
            ? RunnerException.of(FailureCode.STALE, "the workspace is no longer what was verified")
            : RunnerException.of(
                FailureCode.NOT_PROMOTABLE,
                "the change cannot be promoted to the workspace as it is");
    List<PathConflict> told = obstacles.isEmpty() ? conflicts : obstacles;
    told.stream().limit(20).forEach(c -> error.note(c.line()));
    if (told.size() > 20) {
      error.note((told.size() - 20) + " more paths");
    }
    return error
        .note("nothing was changed")
        .help(
            obstacles.isEmpty()
                ? "run the improvement again on the workspace as it is"
                : "do what each line says, then run the improvement again");
  }

  static RunnerException inDoubt(PromotionOutcome.Conflicted conflicted) {
    RunnerException.Builder error =
        RunnerException.of(
            FailureCode.IN_DOUBT,
            conflicted.id()
                + " met edits that were made while it ran; it is undone, they are kept");
    conflicted.conflicts().forEach(c -> error.note(c.line()));
    return error.help("look at these files, then run `tarscli execute recover`");
  }

  private void note(String text) {
    context.event("note", JsonNodeFactory.instance.objectNode().put("text", text));
  }

  static void addTransaction(RunContext context, String id, String kind, String state) {
    context
        .edit()
        .withArray("transactions")
        .addObject()
        .put("id", id)
        .put("kind", kind)
        .put("state", state);
  }

  /** A person's answer; promotes as soon as approvals suffice. */
  void review(EffectivePolicy policy, Reviews.Answer answer, Duration lockWait) {
    requireAwaiting();
    Verdict verdict = verdict();
    String image = bench.sandbox().get().image(policy.image()).id();
    if (!policy.digest().toString().equals(context.text("policyDigest"))) {
      throw moved("the policy", context.text("policyDigest"), policy.digest().toString());
    }
    if (!image.equals(context.text("imageDigest"))) {
      throw moved("the image", context.text("imageDigest"), image);
    }
    desk.requireOverrides(policy, verdict, answer.overrides(), answer.comment());
    desk.record(
        new Approval(
            bench.user(),
            context.id(),
            verdict.changeSet(),
            policy.digest(),
            image,
            bench.clock().instant(),
            answer.approve() ? Approval.Verb.APPROVE : Approval.Verb.REJECT,
            answer.comment(),
            answer.overrides()));
    follow(decide(policy, image, verdict), policy, lockWait);
  }

  private void requireAwaiting() {
    if (context.state() != ContextState.AWAITING_APPROVAL) {
      throw RunnerException.of(
              context.text("dryRun").equals("true") ? FailureCode.USAGE : FailureCode.STALE,
              context.id() + " awaits no approval; its state is " + context.state().id())
          .note("nothing was changed")
          .help(
              context.text("dryRun").equals("true")
                  ? "nothing can be approved from a dry run: run it without --dry-run"
                  : "run the improvement again");
    }
  }

  private RunnerException moved(String what, String then, String now) {
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    bench.audit().get().append("approval-void", record.put("because", what + " changed"));
    return RunnerException.of(FailureCode.STALE, what + " changed since the run")
        .note("then " + then)
        .note("now  " + now)
        .note("an approval is bound to both, so nothing was promoted")
        .help("run the improvement again");
  }

  /** The verdict as it was published, held against the change set that is at hand. */
  private Verdict verdict() {
    try {
      byte[] published = context.dir().read("verdict.json");
      desk.requireEvidence(published);
      Verdict verdict =
          VerdictJson.read(new com.fasterxml.jackson.databind.ObjectMapper().readTree(published));
      Digest digest =
          ChangeSets.digest(new Contexts(bench.layout(), bench.clock()).changeSet(context.dir()));
      if (!verdict.changeSet().equals(digest)) {
        throw new RunnerException(
            FailureCode.INTEGRITY,
            "the verdict of " + context.id() + " is about another change set",
            "run the improvement again");
      }
      return verdict;
    } catch (IOException | IllegalArgumentException e) {
      throw RunnerException.of(
              FailureCode.INTEGRITY, "the verdict of " + context.id() + " is damaged")
          .cause(e)
          .help("run the improvement again");
    }
  }
}
