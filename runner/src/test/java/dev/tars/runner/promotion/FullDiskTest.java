package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file system that has no room for a transaction: it is refused before INTENT, the tree is as it
 * was, and when room is made it is done. On real, small file systems, at every level by {@code
 * scripts/crash-test}, else at some.
 */
class FullDiskTest {
  private static final int STEP = Integer.getInteger("tars.full.step", 9);

  @TempDir private Path temporary;

  @Test
  void aTransactionThatDoesNotFitIsRefusedBeforeItChangesAnything() throws Exception {
    String[] figures =
        Namespace.run(
                FullDiskMain.class,
                temporary.resolve("said"),
                List.of(temporary.toString(), "" + STEP))
            .split(" ");
    int levels = Integer.parseInt(figures[1]);
    int refused = Integer.parseInt(figures[3]);
    Figures.add("full-disk-levels", levels);
    Figures.add("full-disk-refused", refused);
    assertThat(refused).isGreaterThan(180 / STEP);
    assertThat(Integer.parseInt(figures[5])).as("changed something and had to be undone").isZero();
    assertThat(Integer.parseInt(figures[7])).as("without room in the log it has").isPositive();
    assertThat(Integer.parseInt(figures[9])).as("the control leaves a half").isPositive();
  }
}
