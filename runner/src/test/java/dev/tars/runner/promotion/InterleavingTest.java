package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.promotion.Interleaver.Edit;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A person acts before each call of a transaction, of a rollback and of a recovery: nothing that
 * was saved is lost. By default before every few calls; {@code scripts/crash-test} does all of it.
 */
class InterleavingTest {
  private static final int STRIDE = Integer.getInteger("tars.interleave.stride", 7);
  static final List<Edit> EDITS = List.of(Edit.values());

  @Test
  void whatAPersonSavesDuringAPromotionIsKept() {
    Interleaver all = new Interleaver(UnaryOperator.identity(), STRIDE, false);
    all.explore(
        Shape.named("a few files, as verified"), List.of("modified", "deleted", "made"), EDITS);
    end(all);
  }

  @Test
  void whatAPersonSavesDuringARollbackIsKept() {
    Interleaver all = new Interleaver(UnaryOperator.identity(), STRIDE, false);
    all.explore(
        Shape.named("rollback of a few files"), List.of("modified", "deleted", "made"), EDITS);
    end(all);
  }

  @Test
  void whatAPersonSavesDuringARecoveryIsKept() {
    Interleaver all = new Interleaver(UnaryOperator.identity(), STRIDE, false);
    all.exploreRecovery(Shape.named("a few files"), List.of("modified", "deleted", "made"), EDITS);
    end(all);
  }

  private static void end(Interleaver all) {
    Figures.add("interleavings", all.runs());
    Figures.add("violations", all.violations().size());
    System.out.println("interleavings " + all.runs() + ", violations " + all.violations().size());
    assertThat(all.violations().stream().limit(8)).isEmpty();
    assertThat(all.runs()).isGreaterThan(100);
  }
}
