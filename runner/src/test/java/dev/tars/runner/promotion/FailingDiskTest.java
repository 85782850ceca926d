package dev.tars.runner.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.Errno;
import dev.tars.runner.store.SimImage;
import dev.tars.runner.store.SimulatedDisk;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Each call of a transaction fails once, with each error that a disk has: the tree is as it was, or
 * as approved and said so; and after that the power is cut, and it still is.
 */
class FailingDiskTest {
  private static final int STRIDE = Integer.getInteger("tars.interleave.stride", 7);
  private static final List<Errno> ERRORS =
      List.of(
          Errno.EIO,
          Errno.ENOSPC,
          Errno.EDQUOT,
          Errno.EROFS,
          Errno.EXDEV,
          Errno.EINTR,
          Errno.EACCES,
          Errno.EMFILE);

  @Test
  void aCallThatFailsLeavesTheTreeAsItWasOrAsApproved() {
    int failures = 0;
    for (String name :
        List.of("a few files", "every kind", "rollback of every kind", "many changed")) {
      for (boolean onOne : List.of(true, false)) {
        failures += fail(Shape.named(name), onOne);
      }
    }
    System.out.println("failures " + failures);
    Figures.add("fail-simulated", failures);
    assertThat(failures).isGreaterThan(500 / STRIDE);
  }

  private static int fail(Shape shape, boolean onOne) {
    SimulatedDisk start = onOne ? SimulatedDisk.emptyOnOne() : SimulatedDisk.empty();
    shape.person().accept(Sim.on(start));
    start.syncAll();
    shape.earlier().accept(Sim.on(start));
    long committedBefore = committed(Sim.on(start.powerCut().killed()));
    SimulatedDisk undisturbed = start.powerCut().killed();
    SimImage before = undisturbed.image();
    shape.act().apply(Sim.on(undisturbed));
    SimImage wanted = undisturbed.image();
    int failures = 0;
    for (int n = 1 + failures % STRIDE; ; n += STRIDE) {
      Errno error = ERRORS.get(n % ERRORS.size());
      SimulatedDisk disk = start.powerCut().killed();
      Sim sim = Sim.on(disk);
      FailAt fault = new FailAt(n, error);
      disk.watch(fault);
      PromotionOutcome outcome;
      try {
        outcome = shape.act().apply(sim);
      } catch (RunnerException e) {
        outcome = new PromotionOutcome.Failed(e);
      } catch (DiskException e) {
        outcome = new PromotionOutcome.Failed(Transactions.failure(e));
      }
      disk.watch(SimulatedDisk.Watcher.NONE);
      if (fault.calls < n) {
        return failures;
      }
      failures++;
      String where =
          shape.name() + ", " + error + " at call " + n + " (" + fault.call + "): " + outcome;
      boolean committed = outcome instanceof PromotionOutcome.Committed;
      boolean inDoubt =
          outcome instanceof PromotionOutcome.Failed f && f.cause().code() == FailureCode.IN_DOUBT;
      if (!inDoubt) {
        same(disk.image(), committed ? wanted : before, where);
      }
      for (SimulatedDisk next :
          List.of(disk.powerCut().killed(), SimulatedDisk.of(disk.powerCut().lost()))) {
        Sim after = Sim.on(next);
        assertThat(recover(after, where).conflicts()).as(where).isEmpty();
        boolean done = committed || (inDoubt && committed(after) > committedBefore);
        same(next.image(), done ? wanted : before, where + ", recovered");
      }
    }
  }

  /** What the disk did not confirm only a person may settle, and only then. */
  private static Recovery.Report recover(Sim sim, String where) {
    try {
      return sim.recover(false);
    } catch (RunnerException e) {
      assertThat(e.code()).as(where).isEqualTo(FailureCode.IN_DOUBT);
      return sim.recover(true);
    }
  }

  private static long committed(Sim sim) {
    return sim.transactions().stream().filter(t -> t.state() == Journal.State.COMMITTED).count();
  }

  private static void same(SimImage image, SimImage right, String where) {
    assertThat(tree(image)).as(where).isEqualTo(tree(right));
  }

  private static TreeMap<String, String> tree(SimImage image) {
    TreeMap<String, String> tree = new TreeMap<>(image.tree("ws"));
    tree.keySet().removeIf(p -> p.startsWith(".tars-tx-"));
    return tree;
  }

  /** One call fails, once. */
  private static final class FailAt implements SimulatedDisk.Watcher {
    private final int at;
    private final Errno error;
    private int calls;
    private String call = "";

    FailAt(int at, Errno error) {
      this.at = at;
      this.error = error;
    }

    @Override
    public void before(String name, boolean changes) {
      if (changes && ++calls == at) {
        call = name;
        throw new DiskException(error, name, "injected");
      }
    }
  }
}
