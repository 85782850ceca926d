package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.validation.checks.CheckRules;
import java.util.List;

/** The part of an effective policy that a verdict depends on. */
public record ValidationRules(
    List<Gate> gates, ChangeLimits limits, CheckRules checks, WriteRules write) {
  public ValidationRules {
    gates = List.copyOf(gates);
  }

  /** Whether a path may be in a change set. */
  @FunctionalInterface
  public interface WriteRules {
    Decision write(RelativePath path, FileOperation operation);
  }
}
