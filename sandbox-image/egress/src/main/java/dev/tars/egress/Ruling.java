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
    return hard(host, reason, "");
  }

  /**
   * A refusal that is written in code.
   *
   * @param fix the key of the policy that changes it
   */
  static Ruling hard(String host, String reason, String fix) {
    return new Ruling(host, hard(false, reason, fix));
  }

  /** An answer that no rule of a policy gives. */
  static NetworkVote hard(boolean allows, String reason) {
    return hard(allows, reason, "");
  }

  private static NetworkVote hard(boolean allows, String reason, String fix) {
    return new NetworkVote(
        "hard.network", CODE, new SourcePosition(CODE, 1, 0), allows, reason, fix);
  }

  /** What changes it: the author's advice, else the key or the rule of the policy. */
  String fix() {
    if (!vote.fix().isEmpty() || vote.rule().equals("hard.network")) {
      return vote.fix();
    }
    return switch (vote.rule()) {
      case "network.default" -> "add it to network.allow: host, port and phase";
      case "permissions.network" -> "take `network: none` out of the plan's permissions";
      default -> "the rule " + vote.rule() + " of network.deny would have to change";
    };
  }

  /** The same rule's answer, about a name because of what it led to. */
  Ruling because(String name, String reason) {
    return new Ruling(
        name,
        new NetworkVote(vote.rule(), vote.layer(), vote.at(), vote.allows(), reason, vote.fix()));
  }
}
