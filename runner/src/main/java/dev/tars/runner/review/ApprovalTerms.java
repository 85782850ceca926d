package dev.tars.runner.review;

import java.time.Duration;
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
 */
public record ApprovalTerms(
    boolean auto,
    int count,
    boolean selfApproval,
    Set<String> agents,
    boolean agentsMayApprove,
    Duration expires,
    List<Demand> demands) {
  public ApprovalTerms {
    agents = Set.copyOf(agents);
    demands = List.copyOf(demands);
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
