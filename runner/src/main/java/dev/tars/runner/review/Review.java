package dev.tars.runner.review;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.review.ApprovalTerms.Demand;
import dev.tars.runner.review.ApprovalTerms.GateOverride;
import dev.tars.runner.review.ReviewDecision.Approved;
import dev.tars.runner.review.ReviewDecision.Need;
import dev.tars.runner.review.ReviewDecision.NeedsApproval;
import dev.tars.runner.review.ReviewDecision.Rejected;
import dev.tars.runner.validation.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A verdict, what people said, and the policy's terms to a decision. Pure. */
public final class Review {
  private final ReviewCase about;
  private final ApprovalTerms terms;
  private final Instant now;

  private Review(ReviewCase about, ApprovalTerms terms, Instant now) {
    this.about = about;
    this.terms = terms;
    this.now = now;
  }

  public static ReviewDecision decide(ReviewCase about, ApprovalTerms terms, Instant now) {
    return new Review(about, terms, now).decide();
  }

  private ReviewDecision decide() {
    Verdict verdict = about.verdict();
    if (verdict.result() == Verdict.Result.UNKNOWN) {
      return new Rejected("the verdict is unknown: run it again");
    }
    Optional<List<GateOverride>> overrides = Overridable.of(verdict, terms);
    if (overrides.isEmpty()) {
      return new Rejected("the verdict is failed");
    }
    List<Approval> bound = about.approvals().stream().filter(this::isAboutThis).toList();
    Optional<Approval> no =
        bound.stream().filter(a -> a.verb() == Approval.Verb.REJECT).findFirst();
    if (no.isPresent()) {
      return new Rejected(said(no.get()));
    }
    List<Told> reasons = reasons();
    overrides
        .get()
        .forEach(o -> reasons.add(Told.plain("gate " + Escape.line(o.gate()) + " failed")));
    if (terms.auto() && reasons.isEmpty()) {
      return approved(List.of("policy"));
    }
    if (!terms.auto()) {
      reasons.add(Told.plain("the policy does not approve by itself"));
    }
    return byPeople(bound, reasons, overrides.get());
  }

  /** Bound to all of it, and neither used nor from the future. Expiry is asked separately. */
  private boolean isAboutThis(Approval approval) {
    return approval.context().equals(about.context())
        && approval.changeSet().equals(about.verdict().changeSet())
        && approval.policy().equals(about.policy())
        && approval.image().equals(about.image())
        && !approval.at().isAfter(now)
        && !about.used().contains(approval.id());
  }

  /** Why a person must look, whatever the policy says about approving by itself. */
  private List<Told> reasons() {
    List<String> reasons = new ArrayList<>();
    Verdict verdict = about.verdict();
    if (verdict.result() == Verdict.Result.UNVERIFIED) {
      reasons.add("no gate has proven the change");
    }
    long review = verdict.findings().stream().filter(f -> f.severity() == Severity.REVIEW).count();
    if (review > 0) {
      reasons.add(
          review == 1 ? "1 finding must be looked at" : review + " findings must be looked at");
    }
    if (!verdict.asks().isEmpty()) {
      reasons.add("the policy asks for an approval of what changed");
    }
    if (!about.planApprovals().isEmpty()) {
      reasons.add("the plan asks for an approval");
    }
    for (Demand demand : terms.demands()) {
      reasons.add("rule " + Escape.line(demand.rule()) + " asks for " + demand.count());
    }
    List<Told> all = new ArrayList<>(reasons.stream().map(Told::plain).toList());
    all.addAll(terms.doubts());
    return all;
  }

  private ReviewDecision byPeople(
      List<Approval> bound, List<Told> reasons, List<GateOverride> overrides) {
    Map<String, Approval> valid = new LinkedHashMap<>();
    List<Approval> counting = new ArrayList<>();
    for (Approval approval : bound) {
      Optional<String> flaw = flaw(approval);
      if (flaw.isPresent()) {
        reasons.add(
            Told.plain(
                "the approval by "
                    + Escape.line(approval.approver())
                    + " does not count: "
                    + flaw.get()));
      } else {
        counting.add(approval);
        // One voice a person, and the one that lasts longest.
        valid.merge(approval.approver(), approval, (a, b) -> a.at().isAfter(b.at()) ? a : b);
      }
    }
    List<Need> needs = new ArrayList<>();
    for (Demand demand : demands()) {
      List<String> given = valid.keySet().stream().filter(demand::counts).toList();
      needs.add(need(demand.rule(), demand.count(), demand.shown(), given));
    }
    for (GateOverride override : overrides) {
      List<String> given = Overridable.given(override, counting);
      needs.add(need("override " + override.gate(), 1, override.shown(), given));
    }
    List<String> unknown = unknownRules();
    unknown.forEach(rule ->
        reasons.add(
            Told.plain(
                "the policy has no approval rule " + Escape.line(rule) + ": nobody can meet it")));
    int missing = needs.stream().mapToInt(Need::missing).max().orElse(0);
    if (missing == 0 && unknown.isEmpty()) {
      return approved(List.copyOf(new TreeSet<>(valid.keySet())));
    }
    missing = Math.max(missing, unknown.size());
    Optional<Instant> expiresAt =
        valid.values().stream().map(a -> a.at().plus(terms.expires())).min(Instant::compareTo);
    // Approvals that were given may all be of the wrong people: what is missing comes on top.
    return new NeedsApproval(valid.size() + missing, valid.size(), reasons, expiresAt, needs);
  }

  private static Need need(String rule, int count, List<String> from, List<String> given) {
    return new Need(rule, count, from, given, Math.max(0, count - given.size()));
  }

  private Optional<String> flaw(Approval approval) {
    if (!approval.at().plus(terms.expires()).isAfter(now)) {
      return Optional.of("it expired at " + approval.at().plus(terms.expires()));
    }
    if (!terms.selfApproval() && approval.approver().equals(about.people().ranBy())) {
      return Optional.of("the policy wants another person than who ran it");
    }
    if (!terms.selfApproval() && about.people().behind().contains(approval.approver())) {
      return Optional.of("the policy wants another person than who the change comes from");
    }
    if (!terms.agentsMayApprove() && terms.agents().contains(approval.approver())) {
      return Optional.of("the policy wants a person, not a program");
    }
    return Optional.empty();
  }

  /**
   * All that must be met: at least one person, the policy's count, each rule that holds, each rule
   * that a path or the plan calls for.
   */
  private List<Demand> demands() {
    List<Demand> all = new ArrayList<>(terms.demands());
    all.add(new Demand("", Math.max(1, terms.count()), Set.of(), List.of()));
    Set<String> called = calledFor();
    terms.named().stream().filter(demand -> called.contains(demand.rule())).forEach(all::add);
    return all;
  }

  private Set<String> calledFor() {
    Set<String> called = new TreeSet<>(about.verdict().asks());
    called.addAll(about.planApprovals());
    // The empty string stands for any approver, and one is always needed.
    called.remove("");
    return called;
  }

  /** Rules that are called for and that no policy defines: they fail closed. */
  private List<String> unknownRules() {
    return calledFor().stream()
        .filter(rule -> terms.demands().stream().noneMatch(d -> d.rule().equals(rule)))
        .filter(rule -> terms.named().stream().noneMatch(d -> d.rule().equals(rule)))
        .toList();
  }

  private Approved approved(List<String> by) {
    return new Approved(about.verdict().changeSet(), about.policy(), about.image(), by);
  }

  private static String said(Approval no) {
    String comment = no.comment().isEmpty() ? "" : ": " + Escape.line(no.comment());
    return Escape.line(no.approver()) + " rejected it" + comment;
  }
}
