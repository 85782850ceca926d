package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.store.SimulatedDisk;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** File systems that take two names for one. */
class FoldedNamesTest {
  private static final UnaryOperator<Bytes> CASE =
      name -> Bytes.utf8(name.lossyText().toLowerCase(Locale.ROOT));
  private static final UnaryOperator<Bytes> COMPOSED =
      name -> Bytes.utf8(Normalizer.normalize(name.lossyText(), Normalizer.Form.NFC));

  @Test
  void twoNewNamesThatAreOneAreRefusedWithTheReason() {
    assertThat(why(Optional.of(CASE), "New.txt", "new.txt")).contains("for one name");
    assertThat(why(Optional.of(COMPOSED), "caf\u00e9", "cafe\u0301")).contains("for one name");
  }

  @Test
  void whereNamesAreBytesBothAreMade() {
    assertThat(why(Optional.empty(), "New.txt", "new.txt")).isEmpty();
    assertThat(why(Optional.empty(), "caf\u00e9", "cafe\u0301")).isEmpty();
  }

  /** Why a promotion of two new files is refused; empty if it is not. */
  private static String why(Optional<UnaryOperator<Bytes>> fold, String one, String two) {
    SimulatedDisk disk = SimulatedDisk.empty();
    Sim sim = Sim.on(disk).file("Stands-\u00e9.txt", "here", 0644);
    fold.ifPresent(disk::fold);
    PromotionOutcome outcome =
        sim.promote(sim.changes(Map.of(one, sim.of("1", 0644), two, sim.of("2", 0644))));
    if (outcome instanceof PromotionOutcome.Stale stale) {
      assertThat(sim.transactions()).isEmpty(); // before INTENT
      assertThat(sim.entry(one)).isEmpty();
      return stale.conflicts().getFirst().why();
    }
    assertThat(outcome).isInstanceOf(PromotionOutcome.Committed.class);
    return "";
  }
}
