package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * After a power cut at any operation of any transaction, with any part of what was not synced lost,
 * the workspace is as before or as approved, as the log says, and nothing is lost. By default a
 * sample; {@code scripts/crash-test} does all of it.
 */
class PowerCutTest {
  private static final boolean FULL = Boolean.getBoolean("tars.sim.full");
  private static final long SEED = Long.getLong("tars.crash.seed", 1);
  static final Explorer.Effort EFFORT =
      FULL
          ? new Explorer.Effort(16, 20, 60, 6, 1, 2, SEED)
          : new Explorer.Effort(4, 40, 400, 25, 3, 2, SEED);

  @Test
  void everyPowerCutLeavesTheTreeAsItWasOrAsApproved() {
    String only = System.getProperty("tars.sim.shape", "");
    Explorer explorer = new Explorer(EFFORT, UnaryOperator.identity());
    int number = 0;
    long start = System.nanoTime();
    try (explorer) {
      for (Shape shape : Shape.all()) {
        if (shape.name().contains(only)) {
          explorer.explore(shape, number++ % 2 == 0);
          if (FULL) {
            explorer.explore(shape, number % 2 == 0);
          }
        }
      }
    }
    System.out.printf(
        "states %d, images %d, in recovery %d, %.1f s%n",
        explorer.states(),
        explorer.images(),
        explorer.inRecovery(),
        (System.nanoTime() - start) / 1e9);
    Figures.add("states", explorer.states());
    Figures.add("states-in-recovery", explorer.inRecovery());
    Figures.add("violations", explorer.violated());
    assertThat(explorer.violations()).isEmpty();
    assertThat(explorer.states()).isGreaterThan(1_000);
  }
}
