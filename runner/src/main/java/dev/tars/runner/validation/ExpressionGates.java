package dev.tars.runner.validation;

import dev.tars.runner.policy.Gate;
import java.util.List;

/** Evaluates the CEL gates of a policy over the change set that is judged. */
@FunctionalInterface
public interface ExpressionGates {
  /**
   * True if the expression holds.
   *
   * @param before the gates that have run, in their order
   * @throws RuntimeException if it cannot be evaluated, which fails the gate
   */
  boolean holds(Gate.Expression gate, ValidationRequest request, List<GateResult> before);
}
