package dev.tars.egress;

/**
 * One answer of the policy.
 *
 * @param host the name or address that was decided about, as it is acted on
 * @param rule id of the deciding rule
 * @param place file and line of that rule
 * @param reason why, or the empty string
 * @param fix what the policy's author says to do instead, or the empty string
 */
record Ruling(boolean allowed, String host, String rule, String place, String reason, String fix) {

  /** A refusal that stands in code, whatever the policy says. */
  static Ruling hard(String host, String reason) {
    return new Ruling(false, host, "hard.network", "hard-limits:1", reason, "");
  }
}
