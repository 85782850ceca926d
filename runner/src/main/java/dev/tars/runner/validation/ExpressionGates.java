package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;

/** Evaluates the CEL gates of a policy over the change set that is judged. */
@FunctionalInterface
public interface ExpressionGates {
  /**
   * True if the expression holds.
   *
   * @throws RuntimeException if it cannot be evaluated, which fails the gate
   */
  boolean holds(Gate.Expression gate, ValidationRequest request);
}
