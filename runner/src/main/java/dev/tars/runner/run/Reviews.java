package dev.tars.runner.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.context.State;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.review.Approval;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.people.ApprovalDesk;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictJson;
import dev.tars.runner.workspace.ChangeSets;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code execute review --approve|--reject}. */
public final class Reviews {
  private final Workbench bench;

  public Reviews(Workbench bench) {
    this.bench = bench;
  }

  /**
   * What a person said.
   *
   * @param overrides gates that failed and that the person lets pass; only with an approval
   */
  @PublicApi
  public record Answer(boolean approve, String comment, List<String> overrides) {
    public Answer {
      overrides = List.copyOf(overrides);
    }
  }

  /** Records the answer and follows it. */
  public Ended review(
      ContextDir dir, Answer answer, Duration lockWait, RunContext.EventListener listener) {
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      RunContext context = RunContext.open(dir, bench.clock(), listener);
      requireThisWorkspace(context);
      State before = context.state();
      bench.layout().markRunning(dir.id()); // an after-check may run boxes
      try {
        String option = context.origin().options().policy();
        EffectivePolicy policy =
            bench
                .policies()
                .load(option.isEmpty() ? Optional.empty() : Optional.of(option))
                .narrowedBy(context.origin().improvement().permissions());
        bench.audit().get().alsoRedact(policy.audit()::redacted);
        answered(context, policy, answer, lockWait);
        return new Ended(context, Optional.empty());
      } catch (RunnerException e) {
        end(context, before, e);
        return new Ended(context, Optional.of(e));
      } finally {
        bench.layout().unmarkRunning(dir.id());
      }
    }
  }

  /** Puts the answer on record; promotes as soon as approvals suffice. */
  private void answered(
      RunContext context, EffectivePolicy policy, Answer answer, Duration lockWait) {
    requireAwaiting(context);
    ApprovalDesk desk = new ApprovalDesk(bench, context);
    Verdict verdict = verdict(context, desk);
    Sandbox.ImageFacts image = bench.sandbox().get().image(policy.image());
    Digest policyThen = context.origin().policy().digest();
    if (!policy.digest().equals(policyThen)) {
      throw moved(context, "the policy", policyThen.toString(), policy.digest().toString());
    }
    String imageThen = context.record().evidence().image().orElse("");
    if (!image.id().equals(imageThen)) {
      throw moved(context, "the image", imageThen, image.id());
    }
    desk.requireOverrides(policy, verdict, answer.overrides(), answer.comment());
    desk.record(
        new Approval(
            bench.user(),
            context.id(),
            verdict.changeSet(),
            policy.digest(),
            image.id(),
            bench.clock().instant(),
            answer.approve() ? Approval.Verb.APPROVE : Approval.Verb.REJECT,
            answer.comment(),
            answer.overrides()));
    new Promotions(bench, context, policy, () -> false).follow(verdict, image, lockWait);
  }

  private static void requireAwaiting(RunContext context) {
    if (context.state() == Ending.Waiting.AWAITING_APPROVAL) {
      return;
    }
    boolean dryRun = context.origin().options().dryRun();
    throw RunnerException.of(
            dryRun ? FailureCode.USAGE : FailureCode.STALE,
            context.id() + " awaits no approval; its state is " + context.state().id())
        .note("nothing was changed")
        .help(
            dryRun
                ? "nothing can be approved from a dry run: run it without --dry-run"
                : context.state() instanceof Ending.Done
                    ? "see what came of it with `tarscli execute status --context-id "
                        + context.id()
                        + "`"
                    : "run the improvement again");
  }

  private RunnerException moved(RunContext context, String what, String then, String now) {
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    bench.audit().get().append("approval-void", record.put("because", what + " changed"));
    return RunnerException.of(FailureCode.STALE, what + " changed since the run")
        .note("then " + then)
        .note("now  " + now)
        .note("an approval is bound to both, so nothing was promoted")
        .help("run the improvement again");
  }

  /** The verdict as it was published, compared with the change set that is at hand. */
  private Verdict verdict(RunContext context, ApprovalDesk desk) {
    try {
      byte[] published = context.dir().read(ContextFiles.VERDICT);
      desk.requireEvidence(published);
      Verdict verdict = VerdictJson.read(new ObjectMapper().readTree(published));
      Digest digest = ChangeSets.digest(new Contexts(bench.layout()).changeSet(context.dir()));
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

  private void requireThisWorkspace(RunContext context) {
    if (!context.origin().place().workspace().equals(bench.workspace().toString())) {
      throw RunnerException.of(FailureCode.USAGE, context.id() + " belongs to another workspace")
          .at(Escape.line(context.origin().place().workspace()))
          .help("name it with --workspace");
    }
  }

  private static void end(RunContext context, State before, RunnerException e) {
    context.failed(Execution.failure(e));
    Told next = new Told(e.help(), e.briefly().help());
    int exit = e.code().exitCode();
    switch (e.code()) {
      case ROLLBACK_INCOMPLETE -> context.end(Ending.Failed.ROLLBACK_INCOMPLETE, exit, next);
      case GATE_FAILED ->
          context.end(
              context.state() == State.Working.VALIDATING
                  ? Ending.Failed.FAILED // judged again on a workspace that moved
                  : context.record().results().rolledBack()
                      ? Ending.Done.ROLLED_BACK
                      : Ending.Done.PROMOTED,
              exit,
              next);
      case REJECTED -> context.end(Ending.Failed.REJECTED, exit, next);
      case STALE -> {
        if (before == Ending.Waiting.AWAITING_APPROVAL) {
          context.end(Ending.Failed.STALE, exit, next);
        }
      }
      case IN_DOUBT, INTEGRITY -> context.end(Ending.Failed.FAILED, exit, next);
      default -> {
        // Nothing came of it: the context still waits, as it did before.
        if (context.state() != before && before instanceof Ending ending) {
          context.end(ending, FailureCode.APPROVAL_NEEDED.exitCode(), next);
        }
      }
    }
  }
}
