package dev.tars.runner.policy;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who must agree before a change set is promoted.
 *
 * @param auto one condition of each layer that has one; the policy approves by itself what meets
 *     all of them and what nothing speaks against. Empty means never
 * @param count approvers needed at least, when a person is needed
 * @param agents users that are programs
 * @param rules further rules, by id
 */
public record ApprovalRules(
    List<Condition> auto,
    int count,
    boolean selfApproval,
    boolean agentsMayApprove,
    Duration expires,
    Set<String> agents,
    List<Rule> rules,
    List<GateOverride> overrides) {
  public ApprovalRules {
    auto = List.copyOf(auto);
    agents = Set.copyOf(agents);
    rules = List.copyOf(rules);
    overrides = List.copyOf(overrides);
  }

  /**
   * One rule. It applies where its condition holds or has no value, and where decisions on paths or
   * {@code Approval} steps name it.
   *
   * @param from users who count; empty means any
   * @param shown {@code from} as the file says it, teams by name
   */
  public record Rule(
      String id,
      Optional<Condition> when,
      int count,
      Set<String> from,
      List<String> shown,
      SourcePosition at) {
    public Rule {
      from = Set.copyOf(from);
      shown = List.copyOf(shown);
    }
  }

  /**
   * Who may let a change through although one gate failed.
   *
   * @param by users who may
   * @param reasonRequired true if they must say why
   */
  public record GateOverride(
      String gate, Set<String> by, List<String> shown, boolean reasonRequired, SourcePosition at) {
    public GateOverride {
      by = Set.copyOf(by);
      shown = List.copyOf(shown);
    }
  }

  /** True if someone other than this user may be asked to approve. */
  public boolean mayNeedAnother(String user) {
    return !selfApproval
        || count > 1
        || rules.stream()
            .anyMatch(r -> r.count() > 1 || (!r.from().isEmpty() && !r.from().contains(user)));
  }
}
