package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an import makes of a diff is what git makes of it, or it is refused: never something else.
 * {@code scripts/fuzz-patches} tries many more.
 */
class PatchOracleTest {
  private static final int CASES = Integer.getInteger("tars.patch.cases", 300);
  private static final long SEED = Long.getLong("tars.patch.seed", 1);

  @TempDir private Path temp;

  @Test
  void anImportIsWhatGitAppliesOrIsRefused() throws IOException, InterruptedException {
    PatchOracle oracle = new PatchOracle(temp);
    Random random = new Random(SEED);
    int same = 0;
    int refused = 0;
    int both = 0;
    List<String> different = new ArrayList<>();
    for (int done = 0; done < CASES; ) {
      RandomDiff made = RandomDiff.make(oracle, random);
      for (int i = 0; i < 20 && done < CASES; i++, done++) {
        String diff = i == 0 ? made.diff() : RandomDiff.damaged(made.diff(), random);
        PatchOracle.Outcome outcome = oracle.compare(made, diff);
        if (outcome == PatchOracle.Outcome.DIFFERENT) {
          different.add(
              "seed %d, case %d (%s):\n%s\n%s"
                  .formatted(SEED, done, made.how(), diff, oracle.said()));
        }
        assertThat(different).as("different").hasSizeLessThan(8);
        same += outcome == PatchOracle.Outcome.SAME ? 1 : 0;
        refused += outcome == PatchOracle.Outcome.REFUSED ? 1 : 0;
        both += outcome == PatchOracle.Outcome.REFUSED_BY_BOTH ? 1 : 0;
      }
    }
    assertThat(different).isEmpty();
    assertThat(same).as("%d refused, %d by both", refused, both).isGreaterThan(CASES / 20);
    Figures.add("patches", CASES);
    Figures.add("patches-same", same);
    Figures.add("patches-refused", refused);
    Figures.add("patches-refused-by-both", both);
  }
}
