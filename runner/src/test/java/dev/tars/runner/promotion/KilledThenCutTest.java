package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.audit.AuditRecord;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.store.PowerCut;
import dev.tars.runner.store.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The first process of all is killed at any of its calls: what it made is there and not durable.
 * The next one promotes, by what it finds, and then the power goes.
 */
class KilledThenCutTest {
  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true", "false, true"})
  void whatTheSecondProcessWasToldHolds(boolean onOne, boolean logBegun) {
    List<PowerCut> kills = kills(onOne, logBegun);
    assertThat(kills.size()).isGreaterThan(50);
    for (int i = 0; i < kills.size(); i++) {
      SimulatedDisk disk = kills.get(i).killed();
      Sim second = Sim.on(disk);
      assertThat(second.recover(false).conflicts()).isEmpty();
      PowerCut[] atCommit = new PowerCut[1];
      disk.watch(
          new SimulatedDisk.Watcher() {
            @Override
            public void after(String call, boolean changes) {
              if (call.equals("fdatasync")) {
                atCommit[0] = disk.powerCut();
              }
            }
          });
      PromotionOutcome.Committed done = assertDone(promote(second, "second"), i);
      disk.watch(SimulatedDisk.Watcher.NONE);
      holds(Sim.on(SimulatedDisk.of(atCommit[0].lost())), done, "second", i);
      // Which makes the signature before it durable.
      PromotionOutcome.Committed last = assertDone(promote(second, "third"), i);
      holds(Sim.on(SimulatedDisk.of(disk.powerCut().lost())), last, "third", i);
    }
  }

  /** After the power cut: what was done is there, can be undone, and its number is taken. */
  private static void holds(Sim after, PromotionOutcome.Committed done, String path, int at) {
    assertThat(after.recover(false).conflicts()).as("killed at call %d", at).isEmpty();
    assertThat(after.entry(path)).as("killed at call %d", at).isPresent();
    assertThat(after.log.verify(Optional.empty()).problem()).as("killed at %d", at).isEmpty();
    PromotionOutcome.Committed next = assertDone(promote(after, "next"), at);
    assertThat(next.id().number()).as("killed at %d", at).isGreaterThan(done.id().number());
    PromotionOutcome.Committed _ = assertDone(after.rollback(done.id().text()), at);
    assertThat(after.entry(path)).as("killed at call %d", at).isEmpty();
  }

  /** The control: without a second process there is something to lose at most of these calls. */
  @Test
  void aKilledProcessLeavesWhatIsNotDurable() {
    assertThat(kills(true, false).stream().filter(kill -> kill.unsynced() > 0).count())
        .isGreaterThan(30);
  }

  /** Of the first promotion; the log may have been begun by a run before it. */
  private static List<PowerCut> kills(boolean onOne, boolean logBegun) {
    SimulatedDisk disk = onOne ? SimulatedDisk.emptyOnOne() : SimulatedDisk.empty();
    if (logBegun) {
      AuditRecord _ = Sim.on(disk).log.append("run", CanonicalJson.object());
    }
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
    PromotionOutcome.Committed _ = assertDone(promote(Sim.on(disk), "first"), -1);
    return kills;
  }

  private static PromotionOutcome promote(Sim sim, String path) {
    return sim.promote(sim.changes(Map.of(path, sim.of("content of " + path, 0644))));
  }

  /** And nothing is left for the next command, as it is where nothing can be signed. */
  private static PromotionOutcome.Committed assertDone(PromotionOutcome outcome, int at) {
    assertThat(outcome).as("killed at call %d", at).isInstanceOf(PromotionOutcome.Committed.class);
    PromotionOutcome.Committed done = (PromotionOutcome.Committed) outcome;
    assertThat(done.lateEdits()).as("killed at call %d", at).isEmpty();
    return done;
  }
}
