package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Secrets;
import dev.tars.runner.model.Told;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictExit;
import dev.tars.runner.workspace.ChangeSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
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

  /** What a call led to: the context, and the error that ended it, if one did. */
  public record Ended(RunContext context, Optional<RunnerException> error) {}

  /** Runs a plan under a policy; everything that happens is in the context afterwards. */
  public Ended run(Plan plan, EffectivePolicy loaded, RunContext.EventListener listener) {
    EffectivePolicy policy = loaded.narrowedBy(plan.permissions());
    requireLeave(policy);
    Enforceable.require(policy);
    PlanNames.require(plan, policy);
    SharedState.require(bench, policy, options);
    bench.audit().get().alsoRedact(policy.audit()::redacted);
    ContextDir dir = bench.layout().newContext();
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      dir.write("improvement.yaml", plan.source().toArray());
      dir.write("policy.json", CanonicalJson.bytes(policy.canonical()));
      RunContext context = RunContext.create(dir, facts(plan, policy), bench.clock(), listener);
      ObjectNode record = CanonicalJson.object().put("context", context.id().text());
      record.put("improvement", plan.id()).put("plan", plan.digest().toString());
      record.put("policy", policy.digest().toString()).put("user", bench.user());
      record.put("options", ApprovalDesk.options(context));
      bench.audit().get().append("run", record);
      bench.layout().markRunning(context.id());
      try {
        stages(plan, policy, context);
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

  private ObjectNode facts(Plan plan, EffectivePolicy policy) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    facts.put("improvementId", plan.id()).put("title", plan.description().title());
    facts.put("workspace", bench.workspace().toString());
    facts.put("state", ContextState.PLANNED.id()).put("exitCode", 0);
    facts.put("policyDigest", policy.digest().toString());
    facts.put("planDigest", plan.digest().toString());
    facts.put("user", bench.user()).put("dryRun", options.dryRun());
    facts.put("policyOption", options.policy().map(bench.policies()::absolute).orElse(""));
    facts.put("structural", options.structural());
    facts.put("backup", options.backup());
    facts.put("autoRollback", options.autoRollback()).put("validate", options.validate());
    facts.set("author", author(plan.description()));
    facts.put("rolledBack", false).put("next", "");
    facts.putArray("transactions");
    new TreeSet<>(policy.evidence().reports()).forEach(facts.putArray("reports")::add);
    facts.set("explain", Telling.keep(policy));
    facts.set("permissions", Permissions.write(plan.permissions()));
    return facts;
  }

  /** What the plan says of who it comes from; it may only keep people from approving. */
  private static ObjectNode author(Plan.Description said) {
    ObjectNode author = JsonNodeFactory.instance.objectNode();
    author.put("kind", said.authorKind()).put("id", said.authorId());
    return author.put("onBehalfOf", said.onBehalfOf());
  }

  private void stages(Plan plan, EffectivePolicy policy, RunContext context) {
    BooleanSupplier cancelled = cancellation.watch(context.dir());
    Judged judged = judge(plan, policy, context, cancelled);
    Stages.Frozen frozen = judged.frozen();
    Stages.Changed changed = judged.changed();
    Verdict verdict = judged.verdict();
    new Attestation(bench, context, policy).write(List.of());
    Promotions promotions = new Promotions(bench, context);
    Optional<FailureCode> refused = VerdictExit.of(verdict);
    boolean overridable = !options.dryRun() && promotions.isOverridable(policy, verdict);
    if (refused.isPresent() && !overridable) {
      throw verdictFailed(refused.get(), verdict, context);
    }
    if (options.dryRun()) {
      boolean unverified = verdict.result() == Verdict.Result.UNVERIFIED;
      context.end(
          ContextState.DRY_RUN_PASSED,
          0,
          unverified
              ? "no gate has proven the change; nothing was promoted"
              : "run it without --dry-run to promote it");
      return;
    }
    if (changed.changeSet().isEmpty()) {
      context.end(ContextState.PROMOTED, 0, "nothing changed, so there was nothing to promote");
      return;
    }
    ReviewDecision decision = promotions.decide(policy, frozen.image().id(), verdict);
    promotions.follow(decision, policy, options.lockWait());
  }

  private record Judged(Stages.Frozen frozen, Stages.Changed changed, Verdict verdict) {}

  /** Up to the verdict; what the policy was asked on the way is on record however this ends. */
  private Judged judge(
      Plan plan, EffectivePolicy policy, RunContext context, BooleanSupplier cancelled) {
    Judged judged;
    try {
      Stages stages = new Stages(bench, context, options, cancelled);
      Stages.Frozen frozen = stages.freeze(plan, policy);
      Stages.Changed changed = stages.execute(frozen);
      Optional<StepResult> failure = changed.plan().failure();
      if (failure.isPresent()) {
        throw stepFailed(failure.get(), context);
      }
      reportObstacles(changed.changeSet(), context);
      Deferred.keep(changed.plan().deferred(), context);
      Verdict verdict = new Judgement(bench, context, options, cancelled).judge(frozen, changed);
      judged = new Judged(frozen, changed, verdict);
    } catch (RunnerException e) {
      try {
        saveDecisions(context, policy);
      } catch (RunnerException | DiskException second) {
        e.addSuppressed(second); // the first error is what ended the run
      }
      throw e;
    }
    saveDecisions(context, policy);
    return judged;
  }

  /** What can never be promoted ends a run before gates and people are asked; a dry run says it. */
  private void reportObstacles(ChangeSet changeSet, RunContext context) {
    List<PathConflict> obstacles = new Promotions(bench, context).obstacles(changeSet);
    if (obstacles.isEmpty()) {
      return;
    }
    RunnerException refused = Promotions.stale(obstacles);
    if (!options.dryRun()) {
      throw refused;
    }
    context.event("note", note(String.valueOf(refused.getMessage())));
    refused.notes().forEach(line -> context.event("note", note(line)));
  }

  private static ObjectNode note(String text) {
    return JsonNodeFactory.instance.objectNode().put("text", text);
  }

  private void saveDecisions(RunContext context, EffectivePolicy policy) {
    ObjectNode summary = context.decisions().save(context.dir(), policy.audit());
    bench.audit().get().appendLazily("decisions", summary);
  }

  private static RunnerException stepFailed(StepResult failure, RunContext context) {
    if (failure.cause().isPresent()) {
      return failure.cause().get();
    }
    FailureCode code = failure.failure().orElse(FailureCode.STEP_FAILED);
    return RunnerException.of(code, failure.reason())
        .note("nothing was changed in the workspace")
        .help(
            "see its output with `tarscli execute logs --context-id "
                + context.id()
                + " --step "
                + failure.id()
                + "`");
  }

  static RunnerException verdictFailed(FailureCode code, Verdict verdict, RunContext context) {
    RunnerException.Builder error =
        RunnerException.of(
            code,
            verdict.result() == Verdict.Result.UNKNOWN
                ? "the change could not be judged"
                : "the change did not pass");
    verdict.gates().stream()
        .filter(g -> !g.reason().isEmpty())
        .limit(5)
        .forEach(g -> error.note(g.told().after("gate " + g.id() + ": ")));
    verdict.findings().stream()
        .filter(f -> f.severity() == dev.tars.runner.model.Severity.REJECT)
        .limit(10)
        .forEach(f -> error.note(f.told().after(f.rule() + " " + f.path() + ": ")));
    return error
        .note("nothing was changed in the workspace")
        .help("see all of it with `tarscli execute report --context-id " + context.id() + "`");
  }

  private void fail(RunContext context, RunnerException e) {
    boolean cancelled = e.code() == FailureCode.INTERRUPTED;
    ContextState state =
        switch (e.code()) {
          case POLICY_DENIED, CHANGE_REFUSED, NOT_PROMOTABLE -> ContextState.DENIED;
          case TIMEOUT -> ContextState.TIMED_OUT;
          case STALE, DRIFT -> ContextState.STALE;
          case INTERRUPTED -> ContextState.CANCELLED;
          case ROLLBACK_INCOMPLETE -> ContextState.ROLLBACK_INCOMPLETE;
          case REJECTED -> ContextState.REJECTED;
          default ->
              context.text("rolledBack").equals("true")
                  ? ContextState.ROLLED_BACK
                  : ContextState.FAILED;
        };
    ObjectNode failure = JsonNodeFactory.instance.objectNode();
    failure.put("code", e.code().id());
    failure.put("what", Secrets.redacted(String.valueOf(e.getMessage())));
    advice(e, failure);
    advice(e.briefly(), failure.putObject("brief"));
    context.edit().set("failure", failure);
    Told next = new Told(e.help(), e.briefly().help());
    context.end(state, e.code().exitCode(), cancelled ? Told.plain("run it again") : next);
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("state", state.id()).put("code", e.code().id());
    bench.audit().get().append("run-ended", record);
  }

  private static void advice(RunnerException e, ObjectNode failure) {
    failure.put("where", e.where()).put("help", e.help());
    e.notes().stream().map(Secrets::redacted).forEach(failure.putArray("notes")::add);
  }
}
