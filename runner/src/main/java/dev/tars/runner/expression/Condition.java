package dev.tars.runner.expression;

import java.util.List;

/** A CEL expression that is true or false. Two words of it cost nothing: true and false. */
public record Condition(String text, Scope scope) {

  /** What is wrong with a text as a condition; empty if it can be evaluated. */
  public static List<Flaw> flaws(String text, Scope scope) {
    return isWord(text) ? List.of() : Cel.of(scope).flaws(text);
  }

  /**
   * Evaluates it, with bounds on time, steps and the size of every value in between.
   *
   * @throws ConditionException if it has no value; whoever asks must take the stricter way
   */
  public boolean holds(Facts facts) {
    return isWord(text) ? text.strip().equals("true") : Cel.of(scope).holds(text, facts);
  }

  private static boolean isWord(String text) {
    return text.strip().equals("true") || text.strip().equals("false");
  }
}
