package dev.tars.runner.policy;

/** What a rule says, from the widest to the strictest. */
public enum Effect {
  ALLOW,
  ASK,
  DENY;

  /** The stricter of the two. */
  public Effect and(Effect other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
