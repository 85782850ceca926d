package dev.tars.runner.expression;

import java.util.List;

/** Where a condition stands, and so what it may name. The variables are in docs/formats.md. */
public enum Scope {
  /** {@code when} of a step, and checks that belong to no command. */
  STEP("change", "actor", "run"),
  /** Checks of a command step. */
  OUTPUT("change", "actor", "run", "output"),
  /** {@code Expression} gates. */
  GATE("change", "actor", "run", "gates", "tests"),
  /** {@code approval.auto} and the conditions of approval rules. */
  APPROVAL("change", "actor", "run", "gates", "tests", "verdict");

  private final List<String> variables;

  Scope(String... variables) {
    this.variables = List.of(variables);
  }

  public List<String> variables() {
    return variables;
  }
}
