package dev.tars.runner.run;

import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.run.bench.Site;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs gates again on the workspace as it is after a promotion, in boxes on a fresh copy of it, and
 * takes the transaction back if they fail.
 */
final class AfterCheck {
  private final Workbench bench;
  private final RunContext context;
  private final EffectivePolicy policy;

  AfterCheck(Workbench bench, RunContext context, EffectivePolicy policy) {
    this.bench = bench;
    this.context = context;
    this.policy = policy;
  }

  /**
   * Checks what was promoted.
   *
   * @throws RunnerException GATE_FAILED if it failed, and is rolled back if the run says so;
   *     ROLLBACK_INCOMPLETE if it could not be
   */
  void of(String transaction, Duration lockWait) {
    List<Gate> gates = gates();
    if (gates.isEmpty()) {
      return;
    }
    Optional<Told> problem = problem(gates, List.of());
    if (problem.isEmpty()) {
      return;
    }
    context.event(new ContextEvent.Note(problem.get().after("the after-check failed: ")));
    RunnerException.Builder error =
        RunnerException.of(FailureCode.GATE_FAILED, "the after-check failed").note(problem.get());
    if (!context.origin().options().autoRollback()) {
      throw error
          .note("the change stays: automatic rollback is switched off")
          .help("undo it with `tarscli execute rollback --context-id " + context.id() + " --all`");
    }
    rollBack(transaction, lockWait);
    context.tookBack();
    throw error
        .note(transaction + " is rolled back; the workspace is as it was")
        .help("see why with `tarscli execute logs --context-id " + context.id() + "`");
  }

  /**
   * Checks what a patch would make of the workspace as it is now, before anybody is given it.
   *
   * @throws RunnerException GATE_FAILED
   */
  void ofPatch(ChangeSet changeSet) {
    List<Gate> gates = gates();
    if (gates.isEmpty()) {
      return;
    }
    context.enter(State.Working.VALIDATING);
    Optional<Told> problem = problem(gates, changeSet.changes());
    if (problem.isPresent()) {
      throw RunnerException.of(
              FailureCode.GATE_FAILED, "the after-check failed, with the patch on a copy")
          .note(problem.get())
          .note("no patch was written; the workspace is as it was")
          .help("see why with `tarscli execute logs --context-id " + context.id() + "`");
    }
    context.enter(State.Working.PROMOTING);
  }

  private List<Gate> gates() {
    Set<String> wanted = Set.copyOf(policy.promotion().afterCheck());
    return policy.gates().stream().filter(g -> wanted.contains(g.id())).toList();
  }

  /**
   * Why the workspace does not pass; what cannot be judged has not passed.
   *
   * @param changes on top of what it is
   */
  private Optional<Told> problem(List<Gate> gates, List<Change> changes) {
    try {
      Sandbox.ImageFacts image = bench.sandbox().get().image(policy.image());
      Baseline promoted =
          bench.baselines().get().capture(bench.workspaceDir(), policy, image.uid(), image.gid());
      Verdict verdict =
          new Judgement(bench, context, RunOptions.DEFAULT, () -> false)
              .check(Site.on(promoted, image, policy, context, bench), changes, gates);
      return verdict.result() == Verdict.Result.PASSED
          ? Optional.empty()
          : verdict.gates().stream()
              .filter(g -> !g.passed())
              .findFirst()
              .map(g -> g.told().after("gate " + g.id() + ": "))
              .or(() -> Optional.of(Told.plain("no gate passed")));
    } catch (RunnerException e) {
      return Optional.of(Told.plain("it could not run: " + e.getMessage()));
    }
  }

  private void rollBack(String transaction, Duration lockWait) {
    PromotionOutcome outcome =
        new Rollback(bench.layout(), bench.workspaceDir(), bench.audit().get())
            .rollback(
                new Rollback.Request(
                    context.id().text(),
                    Set.of(transaction),
                    Optional.empty(),
                    false,
                    lockWait,
                    Promotions.GRACE));
    List<PathConflict> conflicts =
        switch (outcome) {
          case PromotionOutcome.Committed committed -> {
            context.committed(committed.id(), Results.Transaction.Kind.ROLLBACK);
            yield List.of();
          }
          case PromotionOutcome.Stale stale -> stale.conflicts();
          case PromotionOutcome.Conflicted conflicted -> conflicted.conflicts();
          case PromotionOutcome.Failed failed ->
              throw incomplete(List.of())
                  .cause(failed.cause())
                  .help("repair what the message names, then `tarscli execute recover`");
        };
    if (!(outcome instanceof PromotionOutcome.Committed)) {
      throw incomplete(conflicts)
          .note("the workspace was edited after the promotion; every byte is kept")
          .help(
              "look at these files, then `tarscli execute rollback --context-id "
                  + context.id()
                  + " --all --force`");
    }
  }

  private static RunnerException.Builder incomplete(List<PathConflict> conflicts) {
    RunnerException.Builder error =
        RunnerException.of(
            FailureCode.ROLLBACK_INCOMPLETE,
            "the after-check failed, and the rollback could not finish");
    conflicts.stream().limit(20).forEach(c -> error.note(c.line()));
    return error;
  }
}
