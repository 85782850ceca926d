package dev.tars.runner.policy;

/**
 * How much of a decision is told.
 *
 * @param people true if they see rules, places and reasons, false if only the rule's id
 * @param agents the same for users that are programs
 */
public record ExplainRules(boolean people, boolean agents) {
  static final ExplainRules FULL = new ExplainRules(true, true);
}
