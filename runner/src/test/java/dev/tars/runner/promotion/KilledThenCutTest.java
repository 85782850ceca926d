package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.store.PowerCut;
import dev.tars.runner.store.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first process of all is killed at any of its calls: what it made is there and not durable.
 * The next one promotes, by what it finds, and then the power goes.
 */
class KilledThenCutTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatTheSecondProcessWasToldHolds(boolean onOne) {
    List<PowerCut> kills = kills(onOne);
    assertThat(kills.size()).isGreaterThan(50);
    for (int i = 0; i < kills.size(); i++) {
      SimulatedDisk disk = kills.get(i).killed();
      Sim second = Sim.on(disk);
      assertThat(second.recover(false).conflicts()).isEmpty();
      assertDone(promote(second, "second"), i);
      assertDone(promote(second, "third"), i); // which makes the signature before it durable
      Sim after = Sim.on(SimulatedDisk.of(disk.powerCut().lost()));
      assertThat(after.recover(false).conflicts()).as("killed at call %d", i).isEmpty();
      assertThat(after.entry("second")).as("killed at call %d", i).isPresent();
      assertThat(after.entry("third")).as("killed at call %d", i).isPresent();
      assertThat(after.log.verify(Optional.empty()).problem()).as("killed at %d", i).isEmpty();
      assertDone(promote(after, "fourth"), i);
    }
  }

  /** The control: without a second process there is something to lose at most of these calls. */
  @Test
  void aKilledProcessLeavesWhatIsNotDurable() {
    assertThat(kills(true).stream().filter(kill -> kill.unsynced() > 0).count()).isGreaterThan(30);
  }

  private static List<PowerCut> kills(boolean onOne) {
    SimulatedDisk disk = onOne ? SimulatedDisk.emptyOnOne() : SimulatedDisk.empty();
    List<PowerCut> kills = new ArrayList<>();
    disk.watch(
        new SimulatedDisk.Watcher() {
          @Override
          public void after(String call, boolean changes) {
            if (changes) {
              kills.add(disk.powerCut());
            }
          }
        });
    assertDone(promote(Sim.on(disk), "first"), -1);
    return kills;
  }

  private static PromotionOutcome promote(Sim sim, String path) {
    return sim.promote(sim.changes(Map.of(path, sim.of("content of " + path, 0644))));
  }

  /** And nothing is left for the next command, as it is where nothing can be signed. */
  private static void assertDone(PromotionOutcome outcome, int at) {
    assertThat(outcome).as("killed at call %d", at).isInstanceOf(PromotionOutcome.Committed.class);
    assertThat(((PromotionOutcome.Committed) outcome).lateEdits())
        .as("killed at call %d", at)
        .isEmpty();
  }
}
