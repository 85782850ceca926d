package dev.tars.runner.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.runtime.CelEvaluationListener;
import java.util.Collection;
import java.util.Map;

/**
 * Counts the steps of one evaluation and looks at every value in between. Text that doubles itself
 * needs few iterations; only its size gives it away.
 */
final class Meter implements CelEvaluationListener {
  static final int MAX_STEPS = 2_000_000;
  static final int MAX_VALUE = 4 << 20;
  private static final long MAX_NANOS = 5_000_000_000L;
  private static final int LOOK_EVERY = 256;

  private final long start = System.nanoTime();
  private int steps;

  @Override
  public void callback(CelExpr expr, Object value) {
    if (++steps > MAX_STEPS) {
      throw new ConditionException("it takes more than " + MAX_STEPS + " steps");
    }
    if (steps % LOOK_EVERY == 0 && System.nanoTime() - start > MAX_NANOS) {
      throw new ConditionException("it takes longer than 5 s");
    }
    if (size(value) > MAX_VALUE) {
      throw new ConditionException("a value in it grows larger than " + MAX_VALUE);
    }
  }

  private static int size(Object value) {
    return switch (value) {
      case CharSequence text -> text.length();
      case Collection<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case null, default -> 0;
    };
  }
}
