package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Who must agree before a change set is promoted.
 *
 * @param auto true if the policy approves by itself what nothing speaks against
 * @param count approvers needed at least, when a person is needed
 * @param agents users that are programs
 * @param rules further rules, by id
 */
public record ApprovalRules(
    boolean auto,
    int count,
    boolean selfApproval,
    boolean agentsMayApprove,
    Duration expires,
    Set<String> agents,
    List<Rule> rules) {
  public ApprovalRules {
    agents = Set.copyOf(agents);
    rules = List.copyOf(rules);
  }

  /**
   * One rule that decisions on paths and {@code Approval} steps name.
   *
   * @param from users who count; empty means any
   */
  public record Rule(String id, int count, Set<String> from, SourcePosition at) {
    public Rule {
      from = Set.copyOf(from);
    }
  }
}
