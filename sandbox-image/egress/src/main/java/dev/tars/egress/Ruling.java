package dev.tars.egress;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.NetworkVote;

/**
 * One answer of the policy.
 *
 * @param host the name or address that was decided about, as it is acted on
 * @param vote the deciding rule
 */
record Ruling(String host, NetworkVote vote) {
  private static final String CODE = "hard-limits";

  boolean allowed() {
    return vote.allows();
  }

  /** A refusal that is written in code, whatever the policy says. */
  static Ruling hard(String host, String reason) {
    return new Ruling(host, hard(false, reason));
  }

  /** An answer that no rule of a policy gives. */
  static NetworkVote hard(boolean allows, String reason) {
    return new NetworkVote(
        "hard.network", CODE, new SourcePosition(CODE, 1, 0), allows, reason, "");
  }

  /** The same rule's answer, about a name because of what it led to. */
  Ruling because(String name, String reason) {
    return new Ruling(
        name,
        new NetworkVote(vote.rule(), vote.layer(), vote.at(), vote.allows(), reason, vote.fix()));
  }
}
