package dev.tars.runner.run.people;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.review.Approval;
import dev.tars.runner.review.ApprovalTerms;
import dev.tars.runner.review.Overridable;
import dev.tars.runner.review.Review;
import dev.tars.runner.review.ReviewCase;
import dev.tars.runner.review.ReviewDecision;
import dev.tars.runner.run.bench.RunFacts;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.validation.Verdict;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who must agree to a context's change set, and who did. What the audit log says of a run counts,
 * not what a file beside it says: in a shared state directory others may write those files.
 */
public final class ApprovalDesk {
  private final Workbench bench;
  private final RunContext context;

  public ApprovalDesk(Workbench bench, RunContext context) {
    this.bench = bench;
    this.context = context;
  }

  /** What the policy, the verdict and everything that people said lead to. */
  public ReviewDecision decide(EffectivePolicy policy, String image, Verdict verdict) {
    Approvals.Given given = new Approvals(bench.audit().get()).since(context.id());
    return Review.decide(
        new ReviewCase(
            context.id(),
            verdict,
            policy.digest(),
            image,
            new ReviewCase.People(given.ranBy(), behind()),
            List.of(), // what the plan asks for is among the verdict's asks
            given.all(),
            given.used()),
        terms(policy, verdict, given.ranBy()),
        bench.clock().instant());
  }

  /** True if people may let this verdict through. */
  public boolean isOverridable(EffectivePolicy policy, Verdict verdict) {
    return verdict.result() == Verdict.Result.FAILED
        && !policy.approval().overrides().isEmpty()
        && Overridable.of(verdict, terms(policy, verdict, context.user())).isPresent();
  }

  private ApprovalTerms terms(EffectivePolicy policy, Verdict verdict, String ranBy) {
    return ApprovalTerms.of(
        policy.approval(),
        new Facts()
            .actor(RunFacts.actor(ranBy, policy))
            .run(() -> RunFacts.run(context))
            .change(() ->
                RunFacts.change(
                    new Contexts(bench.layout()).changeSet(context.dir()),
                    bench.layout().objects()))
            .gates(RunFacts.gates(verdict.gates()))
            .tests(RunFacts.tests(verdict.gates()))
            .verdict(RunFacts.verdict(verdict)));
  }

  /** Users that the plan names: its word can keep them from approving, and do nothing else. */
  private Set<String> behind() {
    Origin.Author author = context.origin().improvement().author();
    Set<String> users = new HashSet<>();
    users.add(user(author.onBehalfOf()));
    if (author.kind().equals("person")) {
      users.add(user(author.id()));
    }
    context.origin().imported().ifPresent(from -> users.add(from.ranBy()));
    users.remove("");
    return users;
  }

  private static String user(String named) {
    return named.startsWith("user:") ? named.substring("user:".length()) : named;
  }

  /**
   * Refuses an override before it goes on record: the gate must have failed, the user must be one
   * who may, and must say why where the policy wants it.
   */
  public void requireOverrides(
      EffectivePolicy policy, Verdict verdict, List<String> gates, String comment) {
    for (String gate : gates) {
      boolean failed = verdict.gates().stream().anyMatch(g -> g.id().equals(gate) && !g.passed());
      if (!failed) {
        throw new RunnerException(
            FailureCode.USAGE,
            "no gate " + Escape.line(gate) + " failed in " + context.id(),
            "see its gates with `tarscli execute status --context-id " + context.id() + "`");
      }
      var override =
          policy.approval().overrides().stream()
              .filter(o -> o.gate().equals(gate))
              .findFirst()
              .orElseThrow(() ->
                  new RunnerException(
                      FailureCode.POLICY_DENIED,
                      "the policy lets nobody override the gate " + Escape.line(gate),
                      "change the improvement so that the gate passes"));
      if (!override.by().contains(bench.user())) {
        throw RunnerException.of(
                FailureCode.POLICY_DENIED,
                Escape.line(bench.user()) + " may not override the gate " + Escape.line(gate))
            .at(new Told(override.at().toString(), ""))
            .note(new Told("who may: " + Escape.line(String.join(", ", override.shown())), ""))
            .help("ask one of them");
      }
      if (override.reasonRequired() && comment.isBlank()) {
        throw RunnerException.of(
                FailureCode.USAGE,
                "an override of the gate " + Escape.line(gate) + " needs a reason")
            .at(new Told(override.at().toString(), ""))
            .help("say why with --comment; it goes on record");
      }
    }
  }

  /** Puts a person's answer on record. */
  public void record(Approval approval) {
    new Approvals(bench.audit().get()).record(approval);
  }

  /** What is missing, as the context shows it. */
  public static Results.ApprovalsNeeded missing(ReviewDecision.NeedsApproval needs) {
    return new Results.ApprovalsNeeded(
        needs.needed(),
        needs.given(),
        needs.told(),
        needs.expiresAt(),
        needs.needs().stream()
            .map(n ->
                new Results.ApprovalRule(n.rule(), n.count(), n.from(), n.given(), n.missing()))
            .toList());
  }

  /**
   * Holds what is beside the audit log against it.
   *
   * @param published the bytes of the verdict's document
   * @throws RunnerException INTEGRITY if one was changed since the run
   */
  public void requireEvidence(byte[] published) {
    Approvals.Given given = new Approvals(bench.audit().get()).since(context.id());
    requireSame("verdict", given.verdict(), Digest.of(published).toString());
    requireSame("user", given.ranBy(), context.user());
    requireSame("policy", given.policy(), context.origin().policy().digest().toString());
    requireSame("steps", given.steps(), ContextCodec.stepsDigest(context.record()));
    requireSame("options", given.options(), ContextCodec.options(context.record()));
  }

  private void requireSame(String what, String recorded, String found) {
    if (!recorded.equals(found)) {
      ObjectNode record = CanonicalJson.object().put("context", context.id().text());
      bench.audit().get().append("approval-void", record.put("because", what + " was changed"));
      throw RunnerException.of(
              FailureCode.INTEGRITY,
              "the " + what + " of " + context.id() + " is not what the audit log recorded")
          .note("recorded " + Escape.line(recorded))
          .note("found    " + Escape.line(found))
          .note("nothing was promoted")
          .help("run the improvement again");
    }
  }
}
