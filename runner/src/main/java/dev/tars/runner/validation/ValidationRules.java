package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.validation.checks.CheckRules;
import java.util.List;
import java.util.Set;

/**
 * The part of an effective policy that a verdict depends on.
 *
 * @param overridable ids of gates that people may override: a failure of one does not keep the
 *     others from running
 */
public record ValidationRules(
    List<Gate> gates,
    ChangeLimits limits,
    CheckRules checks,
    WriteRules write,
    Set<String> overridable) {
  public ValidationRules {
    gates = List.copyOf(gates);
    overridable = Set.copyOf(overridable);
  }

  /**
   * What a policy says.
   *
   * @param structural true for a replay that lifts the rules for names and links
   */
  public static ValidationRules of(EffectivePolicy policy, boolean structural) {
    CheckRules standard = CheckRules.standard(policy.testIntegrity());
    CheckRules checks =
        new CheckRules(
            policy.testIntegrity(),
            policy.effect("bidi").orElse(standard.bidi()),
            policy.effect("invisible").orElse(standard.invisible()),
            policy.effect("secrets").orElse(standard.secrets()),
            policy.effect("contentMismatch").orElse(standard.mismatch()),
            policy.effect("symlinks").orElse(standard.symlinks()),
            structural);
    return new ValidationRules(
        policy.gates(), policy.changeLimits(), checks, policy::write, overridable(policy));
  }

  /** Gates that an override of the policy names. */
  public static Set<String> overridable(EffectivePolicy policy) {
    return policy.approval().overrides().stream()
        .map(dev.tars.runner.policy.ApprovalRules.GateOverride::gate)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  /** Whether a path may be in a change set. */
  @FunctionalInterface
  public interface WriteRules {
    Decision write(RelativePath path, FileOperation operation);
  }
}
