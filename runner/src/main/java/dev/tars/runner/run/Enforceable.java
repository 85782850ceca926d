package dev.tars.runner.run;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.RuleMatch;
import java.util.List;

/** What a policy may say and this version cannot hold: it stops before anything runs. */
final class Enforceable {
  private Enforceable() {}

  /**
   * Throws POLICY_UNSUPPORTED for what cannot be enforced. A guard that only looks on is worse than
   * none.
   */
  static void require(EffectivePolicy policy) {
    List<RuleMatch> network = policy.networkAllowed();
    if (!network.isEmpty()) {
      RunnerException.Builder error =
          RunnerException.of(
                  FailureCode.POLICY_UNSUPPORTED,
                  "the policy lets a box reach the network, and nothing can hold a box to it yet")
              .at(network.getFirst().at());
      network.forEach(
          rule -> error.note("allowed by " + Escape.line(rule.rule()) + ", " + rule.at()));
      throw error
          .note("boxes run without any network; nothing has run")
          .help(
              "take network.allow out, and bring what builds need in with `tarscli cache import`");
    }
    if (policy.evidence().attestation()) {
      throw refused(
          "evidence.attestation asks for a signed statement, which cannot be written yet",
          "take evidence.attestation out");
    }
  }

  private static RunnerException refused(String what, String help) {
    return RunnerException.of(FailureCode.POLICY_UNSUPPORTED, what)
        .note("nothing has run")
        .help(help);
  }
}
