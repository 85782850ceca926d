package dev.tars.runner.review;

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
 * @param demands of the approval rules whose condition holds
 * @param named of the other rules, which count where a path or the plan calls for them
 */
public record ApprovalTerms(
    boolean auto,
    int count,
    boolean selfApproval,
    Set<String> agents,
    boolean agentsMayApprove,
    Duration expires,
    List<Demand> demands,
    List<Demand> named) {
  public ApprovalTerms {
    agents = Set.copyOf(agents);
    demands = List.copyOf(demands);
    named = List.copyOf(named);
  }

  /**
   * The terms of a policy.
   *
   * @param holding ids of the rules whose condition holds for this change set
   */
  public static ApprovalTerms of(ApprovalRules rules, Set<String> holding) {
    List<Demand> demands = new ArrayList<>();
    List<Demand> named = new ArrayList<>();
    for (ApprovalRules.Rule rule : rules.rules()) {
      (holding.contains(rule.id()) ? demands : named)
          .add(new Demand(rule.id(), rule.count(), rule.from()));
    }
    return new ApprovalTerms(
        rules.auto(),
        rules.count(),
        rules.selfApproval(),
        rules.agents(),
        rules.agentsMayApprove(),
        rules.expires(),
        demands,
        named);
  }

  /**
   * One rule that must be met by itself; one person may meet several.
   *
   * @param rule its id, as decisions on paths name it
   * @param from users who count; empty means any
   */
  public record Demand(String rule, int count, Set<String> from) {
    public Demand {
      from = Set.copyOf(from);
    }
  }
}
