package dev.tars.runner.expression;

import java.util.List;

/** Where a condition stands, and so what it may name. The variables are in docs/formats. */
public enum Scope {
  /** {@code when} of a step, and checks that belong to no command. */
  STEP,
  /** Checks of a command step. */
  OUTPUT,
  /** {@code Expression} gates. */
  GATE,
  /** {@code approval.auto} and the conditions of approval rules. */
  APPROVAL;

  public List<String> variables() {
    return switch (this) {
      case STEP -> List.of("change", "actor", "run");
      case OUTPUT -> List.of("change", "actor", "run", "output");
      case GATE -> List.of("change", "actor", "run", "gates", "tests");
      case APPROVAL -> List.of("change", "actor", "run", "gates", "tests", "verdict");
    };
  }
}
