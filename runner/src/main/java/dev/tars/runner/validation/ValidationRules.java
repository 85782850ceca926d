package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.ApprovalRules;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.ControlRule;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.RuleMatch;
import dev.tars.runner.validation.checks.CheckRules;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The part of an effective policy that a verdict depends on.
 *
 * @param goOn true if the gates after one that failed are run too
 * @param overridable ids of gates that people may override: a failure of one does not keep the
 *     others from running
 * @param control when test gates must prove that they can say no
 */
public record ValidationRules(
    List<Gate> gates,
    ChangeLimits limits,
    CheckRules checks,
    WriteRules write,
    Function<FileFacts, Decision> file,
    boolean goOn,
    Set<String> overridable,
    ControlRule control) {
  public ValidationRules {
    gates = List.copyOf(gates);
    overridable = Set.copyOf(overridable);
  }

  /** Where nothing is said of what files may be, and the first gate that fails is the last. */
  public ValidationRules(
      List<Gate> gates, ChangeLimits limits, CheckRules checks, WriteRules write) {
    this(gates, limits, checks, write, Set.of());
  }

  /** The same, with gates that people may override. */
  public ValidationRules(
      List<Gate> gates,
      ChangeLimits limits,
      CheckRules checks,
      WriteRules write,
      Set<String> overridable) {
    this(
        gates,
        limits,
        checks,
        write,
        ValidationRules::anyFile,
        false,
        overridable,
        ControlRule.OFF);
  }

  private static Decision anyFile(FileFacts file) {
    SourcePosition at = new SourcePosition("hard-limits", 1, 0);
    return new Decision(
        Effect.ALLOW,
        List.of(new RuleMatch("files.default", "hard-limits", at, Effect.ALLOW, "")),
        List.of());
  }

  /** The same, asked in another way: a run records what it asks. */
  public ValidationRules asking(WriteRules writes, Function<FileFacts, Decision> files) {
    return new ValidationRules(gates, limits, checks, writes, files, goOn, overridable, control);
  }

  /** The same for other gates, which need not prove anything of themselves. */
  public ValidationRules with(List<Gate> others) {
    return new ValidationRules(
        others, limits, checks, write, file, goOn, overridable, ControlRule.OFF);
  }

  /** The same with control runs by another rule. */
  public ValidationRules with(ControlRule other) {
    return new ValidationRules(gates, limits, checks, write, file, goOn, overridable, other);
  }

  /**
   * What a policy says.
   *
   * @param structural true for a replay that lifts the rules for names and links
   */
  public static ValidationRules of(EffectivePolicy policy, boolean structural) {
    CheckRules checks =
        new CheckRules(
            policy.testIntegrity(),
            policy.effect("files.unicode.bidiControls"),
            policy.effect("files.unicode.invisible"),
            policy.effect("files.secretScan.effect"),
            policy.effect("files.contentMismatch"),
            policy.effect("filesystem.symlinks.create"),
            structural,
            policy.ruleSeverities());
    return new ValidationRules(
        policy.gates(),
        policy.changeLimits(),
        checks,
        policy::write,
        policy::file,
        policy.gatesGoOn(),
        overridable(policy),
        control(policy));
  }

  /** Where the policy never approves by itself, somebody is asked. */
  static ControlRule control(EffectivePolicy policy) {
    ControlRule rule = policy.control();
    return rule == ControlRule.UNATTENDED && policy.approval().auto().isEmpty()
        ? ControlRule.OFF
        : rule;
  }

  /** Gates that an override of the policy names. */
  private static Set<String> overridable(EffectivePolicy policy) {
    return policy.approval().overrides().stream()
        .map(ApprovalRules.GateOverride::gate)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether a path may be in a change set. */
  @FunctionalInterface
  public interface WriteRules {
    Decision write(RelativePath path, FileOperation operation);
  }
}
