package dev.tars.runner.policy;

import java.util.List;

/**
 * What the layers say together: the strictest of them.
 *
 * @param matches every rule that matched, the deciding ones first
 * @param approvals ids of the approval rules that an {@link Effect#ASK} needs; empty means any
 *     approver
 */
public record Decision(Effect effect, List<RuleMatch> matches, List<String> approvals) {
  public Decision {
    matches = List.copyOf(matches);
    approvals = List.copyOf(approvals);
  }

  public boolean allowed() {
    return effect == Effect.ALLOW;
  }

  public boolean denied() {
    return effect == Effect.DENY;
  }

  /** The rule to name in a message. */
  public RuleMatch deciding() {
    return matches.getFirst();
  }
}
