package dev.tars.runner.review;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.expression.ConditionException;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.ApprovalRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What the policy demands before this change set may be promoted, its conditions evaluated.
 *
 * @param auto true if the policy approves by itself what nothing speaks against
 * @param count approvers needed at least, when a person is needed
 * @param selfApproval true if the user who ran it may approve
 * @param agents users that are programs
 * @param agentsMayApprove true if they may approve
 * @param expires how long an approval counts
 * @param demands of the approval rules whose condition holds, or has no value
 * @param named of the other rules, which count where a path or the plan calls for them
 * @param overrides who may let a change through although a gate failed
 * @param doubts one sentence for each condition that has no value
 */
public record ApprovalTerms(
    boolean auto,
    int count,
    boolean selfApproval,
    Set<String> agents,
    boolean agentsMayApprove,
    Duration expires,
    List<Demand> demands,
    List<Demand> named,
    List<GateOverride> overrides,
    List<Told> doubts) {
  public ApprovalTerms {
    agents = Set.copyOf(agents);
    demands = List.copyOf(demands);
    named = List.copyOf(named);
    overrides = List.copyOf(overrides);
    doubts = List.copyOf(doubts);
  }

  /** The terms of a policy for one change set. A condition without a value asks for people. */
  public static ApprovalTerms of(ApprovalRules rules, Facts facts) {
    List<Told> doubts = new ArrayList<>();
    List<Demand> demands = new ArrayList<>();
    List<Demand> named = new ArrayList<>();
    for (ApprovalRules.Rule rule : rules.rules()) {
      boolean holds =
          rule.when().isPresent()
              && decide(rule.when().get(), facts, true, "rule " + rule.id(), doubts);
      (holds ? demands : named).add(new Demand(rule.id(), rule.count(), rule.from(), rule.shown()));
    }
    boolean auto = !rules.auto().isEmpty();
    for (Condition condition : rules.auto()) {
      auto &= decide(condition, facts, false, "approval.auto", doubts);
    }
    return new ApprovalTerms(
        auto,
        rules.count(),
        rules.selfApproval(),
        rules.agents(),
        rules.agentsMayApprove(),
        rules.expires(),
        demands,
        named,
        rules.overrides().stream()
            .map(o -> new GateOverride(o.gate(), o.by(), o.shown(), o.reasonRequired()))
            .toList(),
        doubts);
  }

  private static boolean decide(
      Condition condition, Facts facts, boolean strict, String what, List<Told> doubts) {
    try {
      return condition.holds(facts);
    } catch (ConditionException e) {
      String doubt = what + " cannot be evaluated, so people must decide";
      doubts.add(new Told(doubt + ": " + e.getMessage(), doubt));
      return strict;
    }
  }

  /**
   * One rule that must be met by itself; one person may meet several.
   *
   * @param rule its id, as decisions on paths name it
   * @param from users who count; empty means any
   * @param shown {@code from} as the policy says it
   */
  public record Demand(String rule, int count, Set<String> from, List<String> shown) {
    public Demand {
      from = Set.copyOf(from);
      shown = List.copyOf(shown);
    }

    boolean counts(String approver) {
      return from.isEmpty() || from.contains(approver);
    }
  }

  /**
   * @param by users who may override this gate
   */
  public record GateOverride(
      String gate, Set<String> by, List<String> shown, boolean reasonRequired) {
    public GateOverride {
      by = Set.copyOf(by);
      shown = List.copyOf(shown);
    }
  }
}
