package dev.tars.runner.policy.net;

import dev.tars.runner.model.SourcePosition;

/**
 * The answer of one rule, or of one layer in which no rule matched.
 *
 * @param rule the rule's id, or {@code network.default}, {@code hard.network}
 * @param layer for example {@code hard-limits}, {@code user}, {@code plan}
 * @param at where the rule is written
 * @param reason the author's reason, or the empty string
 * @param fix the author's advice, or the empty string
 */
public record NetworkVote(
    String rule, String layer, SourcePosition at, boolean allows, String reason, String fix) {
  private static final String CODE = "hard-limits";
  private static final SourcePosition IN_CODE = new SourcePosition(CODE, 1, 0);

  /** A layer that speaks of the network and has no rule that matches. */
  public static NetworkVote nothingAllows(String layer, SourcePosition section) {
    return new NetworkVote("network.default", layer, section, false, "no rule allows it", "");
  }

  /** A plan that says it needs no network. */
  public static NetworkVote planNeedsNone(SourcePosition at) {
    return new NetworkVote(
        "permissions.network", "plan", at, false, "the plan itself does not ask for it", "");
  }

  static NetworkVote impossible(String problem) {
    return new NetworkVote("hard.network", CODE, IN_CODE, false, problem, "");
  }

  static NetworkVote silence() {
    return new NetworkVote(
        "network.default", CODE, IN_CODE, false, "no layer says anything about it", "");
  }
}
