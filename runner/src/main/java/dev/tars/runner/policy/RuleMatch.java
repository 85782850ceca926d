package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.net.NetworkVote;

/**
 * One rule that matched, or a section that decided because nothing in it matched.
 *
 * @param rule the rule's id, or the section's name with {@code .default}
 * @param layer for example {@code hard-limits}, {@code builtin:standard}, {@code user}, {@code
 *     workspace}, {@code plan}
 * @param at where the rule stands
 * @param reason what the policy's author wrote, or the empty string
 * @param fix what the policy's author says to do instead, or the empty string
 */
public record RuleMatch(
    String rule, String layer, SourcePosition at, Effect effect, String reason, String fix) {

  /** A rule whose author says nothing about what to do instead. */
  public RuleMatch(String rule, String layer, SourcePosition at, Effect effect, String reason) {
    this(rule, layer, at, effect, reason, "");
  }

  /** A vote about a connection, as the other decisions have it. */
  public static RuleMatch of(NetworkVote vote) {
    Effect effect = vote.allows() ? Effect.ALLOW : Effect.DENY;
    return new RuleMatch(vote.rule(), vote.layer(), vote.at(), effect, vote.reason(), vote.fix());
  }

  /** The id; for a rule without one, which is named by its place in the file, that place. */
  public String name() {
    return rule.endsWith("]") ? at.toString() : rule;
  }

  /** Its name, and in full also layer, place and reason; not escaped. */
  public Told told() {
    String why = reason.isEmpty() ? "" : ": " + reason;
    return new Told(rule + " (" + layer + ", " + at + ")" + why, name());
  }
}
