package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.context.Telling;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Secrets;
import dev.tars.runner.model.Told;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.Promoter;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.steps.Deferred;
import dev.tars.runner.run.steps.Notices;
import dev.tars.runner.run.steps.PlanNames;
import dev.tars.runner.run.steps.StepResult;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictExit;
import dev.tars.runner.workspace.ChangeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** {@code execute improvement}: the stages in order, and what each of their ends means. */
public final class Execution {
  private final Workbench bench;
  private final RunOptions options;
  private final Cancellation cancellation;

  public Execution(Workbench bench, RunOptions options, Cancellation cancellation) {
    this.bench = bench;
    this.options = options;
    this.cancellation = cancellation;
  }

  /** Runs a plan under a policy; everything that happens is in the context afterwards. */
  public Ended run(Plan plan, EffectivePolicy loaded, RunContext.EventListener listener) {
    EffectivePolicy policy = loaded.narrowedBy(plan.permissions());
    requireLeave(policy);
    PlanNames.require(plan, policy);
    SharedState.require(bench, policy, options);
    bench.audit().get().alsoRedact(policy.audit()::redacted);
    ContextDir dir = bench.layout().newContext();
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      dir.write("improvement.yaml", plan.source().toArray());
      dir.write("policy.json", CanonicalJson.bytes(policy.canonical()));
      RunContext context =
          RunContext.create(dir, origin(dir, plan, policy), bench.clock(), listener);
      ObjectNode record = CanonicalJson.object().put("context", context.id().text());
      record.put("improvement", plan.id()).put("plan", plan.digest().toString());
      record.put("policy", policy.digest().toString()).put("user", bench.user());
      record.put("options", ContextCodec.options(context.record()));
      bench.audit().get().append("run", record);
      return ending(context, () -> stages(plan, policy, context));
    }
  }

  /** Does the work of a context, and puts into it how that ended. */
  Ended ending(RunContext context, Runnable work) {
    bench.layout().markRunning(context.id());
    try {
      work.run();
      bench.layout().unmarkRunning(context.id());
      return new Ended(context, Optional.empty());
    } catch (RunnerException e) {
      if (!losesEngine(e)) { // else the next command removes what it could not
        bench.layout().unmarkRunning(context.id());
      }
      fail(context, e);
      return new Ended(context, Optional.of(e));
    }
  }

  private static boolean losesEngine(RunnerException e) {
    return e.code() == FailureCode.ENGINE_UNREACHABLE || e.code() == FailureCode.ENGINE_LOST;
  }

  private void requireLeave(EffectivePolicy policy) {
    if (!options.validate() && !policy.validateOptional()) {
      throw RunnerException.of(
              FailureCode.POLICY_DENIED, "the policy does not let a run switch validation off")
          .help(
              new Told(
                  "leave --no-validate out, or set validation.optional in a policy of yours",
                  "leave --no-validate out"));
    }
    if (!options.backup() && !policy.promotion().backupOptional()) {
      throw RunnerException.of(
              FailureCode.POLICY_DENIED, "the policy does not let a run go without backup")
          .help(
              new Told(
                  "leave --no-backup out, or set promotion.backup: optional in a policy of yours",
                  "leave --no-backup out"));
    }
  }

  private Origin origin(ContextDir dir, Plan plan, EffectivePolicy policy) {
    Plan.Description said = plan.description();
    return new Origin(
        dir.id(),
        new Origin.Improvement(
            plan.id(),
            said.title(),
            plan.digest(),
            new Origin.Author(said.authorKind(), said.authorId(), said.onBehalfOf()),
            plan.permissions()),
        new Origin.Place(bench.workspace().toString(), bench.user()),
        new Origin.Options(
            options.policy().map(bench.policies()::absolute).orElse(""),
            options.dryRun(),
            options.structural(),
            options.backup(),
            options.autoRollback(),
            options.validate()),
        new Origin.PolicyTerms(
            policy.digest(),
            Telling.keep(policy),
            policy.evidence().reports().stream().sorted().toList()),
        bench.clock().instant(),
        Optional.empty());
  }

  private void stages(Plan plan, EffectivePolicy policy, RunContext context) {
    BooleanSupplier cancelled = cancellation.watch(context.dir());
    conclude(judge(plan, policy, context, cancelled), policy, context, cancelled);
  }

  /** What a verdict leads to: an end, people, or the workspace. */
  void conclude(
      Judged judged, EffectivePolicy policy, RunContext context, BooleanSupplier cancelled) {
    new Attestation(bench, context, policy).write(List.of());
    Promotions promotions = new Promotions(bench, context, policy, cancelled);
    Optional<FailureCode> refused = VerdictExit.of(judged.verdict());
    boolean overridable = !options.dryRun() && promotions.isOverridable(judged.verdict());
    if (refused.isPresent() && !overridable) {
      throw Refusals.verdict(refused.get(), judged.verdict(), context);
    }
    Refusals.requireGoingOn(cancelled);
    if (options.dryRun()) {
      boolean unverified = judged.verdict().result() == Verdict.Result.UNVERIFIED;
      context.end(
          Ending.Done.DRY_RUN_PASSED,
          0,
          unverified
              ? "no gate has proven the change; nothing was promoted"
              : "run it without --dry-run to promote it");
      return;
    }
    if (judged.changeSet().isEmpty()) {
      context.end(Ending.Done.PROMOTED, 0, "nothing changed, so there was nothing to promote");
      return;
    }
    promotions.follow(judged.verdict(), judged.image(), options.lockWait());
  }

  record Judged(Sandbox.ImageFacts image, ChangeSet changeSet, Verdict verdict) {}

  /** Up to the verdict; what the policy was asked on the way is on record however this ends. */
  private Judged judge(
      Plan plan, EffectivePolicy policy, RunContext context, BooleanSupplier cancelled) {
    try (RecordedDecisions _ = new RecordedDecisions(bench, context, policy)) {
      Stages stages = new Stages(bench, context, options, cancelled);
      Stages.Frozen frozen;
      Stages.Changed changed;
      try (RunNetwork network = RunNetwork.open(bench, context, policy, NetworkPhase.RUN)) {
        frozen = stages.freeze(plan, policy);
        Refusals.requireGoingOn(cancelled);
        changed = stages.execute(frozen, network.sandbox());
      }
      Optional<StepResult> failure = changed.plan().failure();
      new Notices(bench, context, policy.channels(), options.dryRun())
          .send(changed.plan().notices(), failure.isEmpty() && changed.changeSet().isEmpty());
      if (failure.isPresent()) {
        throw Refusals.step(failure.get(), context);
      }
      reportObstacles(changed.changeSet(), context);
      Deferred.keep(changed.plan().deferred(), context);
      Refusals.requireGoingOn(cancelled);
      List<String> asks = new ArrayList<>(frozen.asks());
      asks.addAll(changed.plan().asks());
      Verdict verdict =
          new Judgement(bench, context, options, cancelled)
              .judge(new Judgement.Case(frozen.site(), changed.changeSet(), changed.stats(), asks));
      return new Judged(frozen.site().image(), changed.changeSet(), verdict);
    }
  }

  /** What can never be promoted ends a run before gates and people are asked; a dry run says it. */
  private void reportObstacles(ChangeSet changeSet, RunContext context) {
    List<PathConflict> obstacles =
        new Promoter(bench.layout(), bench.workspaceDir(), bench.audit().get())
            .obstacles(changeSet);
    if (obstacles.isEmpty()) {
      return;
    }
    RunnerException refused = Refusals.stale(obstacles);
    if (!options.dryRun()) {
      throw refused;
    }
    context.note(String.valueOf(refused.getMessage()));
    refused.notes().forEach(context::note);
  }

  private void fail(RunContext context, RunnerException e) {
    boolean cancelled = e.code() == FailureCode.INTERRUPTED;
    Ending state =
        switch (e.code()) {
          case POLICY_DENIED, CHANGE_REFUSED, NOT_PROMOTABLE -> Ending.Failed.DENIED;
          case TIMEOUT -> Ending.Failed.TIMED_OUT;
          case STALE, DRIFT -> Ending.Failed.STALE;
          case INTERRUPTED -> Ending.Failed.CANCELLED;
          case ROLLBACK_INCOMPLETE -> Ending.Failed.ROLLBACK_INCOMPLETE;
          case REJECTED -> Ending.Failed.REJECTED;
          default ->
              context.record().results().rolledBack()
                  ? Ending.Done.ROLLED_BACK
                  : Ending.Failed.FAILED;
        };
    context.failed(failure(e));
    Told next = new Told(e.help(), e.briefly().help());
    context.end(state, e.code().exitCode(), cancelled ? Told.plain("run it again") : next);
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("state", state.id()).put("code", e.code().id());
    bench.audit().get().append("run-ended", record);
  }

  /** An error as a context keeps it. */
  static Results.Failure failure(RunnerException e) {
    return new Results.Failure(
        e.code(), Secrets.redacted(String.valueOf(e.getMessage())), advice(e), advice(e.briefly()));
  }

  private static Results.Advice advice(RunnerException e) {
    return new Results.Advice(
        e.where(), e.notes().stream().map(Secrets::redacted).toList(), e.help());
  }
}
