package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Severity;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.RuleSeverity;
import dev.tars.runner.policy.TestIntegrity;
import java.util.Map;

/**
 * What a policy says about content.
 *
 * @param bidi effect of bidirectional embeddings, overrides and isolates in added text
 * @param invisible effect of characters that are drawn as nothing
 * @param secrets effect of what looks like a credential
 * @param mismatch effect of content that is not what the name says
 * @param symlinks effect of a symbolic link that is new or points elsewhere now
 * @param structural true for a replay that lifts the rules for names and links, but never those for
 *     {@code .git}
 * @param severities what findings weigh by the policy, by rule or {@code group.*}
 */
public record CheckRules(
    TestIntegrity tests,
    Effect bidi,
    Effect invisible,
    Effect secrets,
    Effect mismatch,
    Effect symlinks,
    boolean structural,
    Map<String, RuleSeverity> severities) {
  public CheckRules {
    severities = Map.copyOf(severities);
  }

  /** Where each rule weighs what it weighs by itself. */
  public CheckRules(
      TestIntegrity tests,
      Effect bidi,
      Effect invisible,
      Effect secrets,
      Effect mismatch,
      Effect symlinks,
      boolean structural) {
    this(tests, bidi, invisible, secrets, mismatch, symlinks, structural, Map.of());
  }

  /** Where a policy has no {@code files} section. */
  public static CheckRules standard(TestIntegrity tests) {
    return new CheckRules(
        tests, Effect.DENY, Effect.ASK, Effect.ASK, Effect.DENY, Effect.DENY, false);
  }

  static Severity severity(Effect effect) {
    return switch (effect) {
      case ALLOW -> Severity.INFO;
      case ASK -> Severity.REVIEW;
      case DENY -> Severity.REJECT;
    };
  }
}
