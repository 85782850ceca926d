package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.Figures;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.PowerCut;
import dev.tars.runner.store.SimulatedDisk;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random sequences of edits, promotions, rollbacks, kills and power cuts with odd names, against a
 * map that says what must stand there. A failure names its seed.
 */
class ModelTest {
  private static final int SEQUENCES = Integer.getInteger("tars.model.sequences", 150);

  /** Where to begin, to see one again. */
  private static final int FIRST = Integer.getInteger("tars.model.first", 0);

  private static final long SEED = Long.getLong("tars.crash.seed", 1);
  private static final List<RelativePath> PATHS =
      List.of(
          path("plain"),
          path("Plain"),
          path("new\nline"),
          RelativePath.of(Bytes.of(new byte[] {(byte) 0xff, (byte) 0xfe, ' ', 0x1b})),
          path("x".repeat(255)),
          path("\u00e9"),
          path("e\u0301"),
          path("d"),
          path("d/a"),
          path("d/b"),
          path("e"),
          path("e/" + "y".repeat(255)));

  private static RelativePath path(String text) {
    return RelativePath.of(Bytes.utf8(text));
  }

  @Test
  void everySequenceEndsWhereTheModelSays() {
    int steps = 0;
    for (int i = FIRST; i < SEQUENCES; i++) {
      long seed = SEED * 1_000_003 + i;
      try {
        steps += new Sequence(seed).run();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + Explorer.describe(e), e);
      }
    }
    System.out.println("model: " + SEQUENCES + " sequences, " + steps + " steps");
    Figures.add("model-steps", steps);
    assertThat(steps).isGreaterThan(SEQUENCES - FIRST);
  }

  private static final class Sequence {
    private final Random random;
    private SimulatedDisk disk;
    private Sim sim;
    private Map<RelativePath, TreeEntry> model = new TreeMap<>();
    private final List<String> committed = new ArrayList<>();
    private int number;

    Sequence(long seed) {
      this.random = new Random(seed);
      this.disk = random.nextBoolean() ? SimulatedDisk.empty() : SimulatedDisk.emptyOnOne();
      this.sim = Sim.on(disk);
    }

    int run() {
      int steps = 12 + random.nextInt(20);
      for (int i = 0; i < steps; i++) {
        switch (random.nextInt(7)) {
          case 0 -> edit();
          case 1 -> rollback();
          default -> promote();
        }
        compare("step " + i);
      }
      assertThat(sim.log.verify(Optional.empty()).problem()).isEmpty();
      return steps;
    }

    /** A person saves a file, and the system writes it back. */
    private void edit() {
      List<RelativePath> files =
          model.keySet().stream()
              .filter(p -> model.get(p) instanceof TreeEntry.RegularFile)
              .toList();
      if (files.isEmpty()) {
        return;
      }
      RelativePath path = files.get(random.nextInt(files.size()));
      byte[] content = ("by hand " + number++).getBytes(UTF_8);
      try (Disk.Dir dir = disk.open(disk.open(SimulatedDisk.BASE.resolve("ws")), path.parent());
          Disk.DiskFile file = disk.open(dir, path.name(), Disk.OpenMode.WRITE)) {
        disk.truncate(file, 0);
        disk.write(file, content, 0, content.length);
      }
      sim.synced();
      model.put(
          path,
          new TreeEntry.RegularFile(model.get(path).mode(), Digest.of(content), content.length));
    }

    private void promote() {
      Map<RelativePath, Optional<TreeEntry>> wanted = new TreeMap<>();
      Map<RelativePath, TreeEntry> next = new TreeMap<>(model);
      for (RelativePath path : PATHS) {
        boolean fits =
            path.parent().isRoot() || next.get(path.parent()) instanceof TreeEntry.Directory;
        boolean goes = !path.parent().isRoot() && !fits;
        if (goes && next.containsKey(path)) {
          next.remove(path);
        } else if (fits && random.nextInt(3) == 0) {
          other(path).ifPresentOrElse(e -> next.put(path, e), () -> next.remove(path));
        }
      }
      // What is in a directory that went goes as well.
      next.keySet()
          .removeIf(
              p -> !p.parent().isRoot() && !(next.get(p.parent()) instanceof TreeEntry.Directory));
      for (RelativePath path : PATHS) {
        Optional<TreeEntry> after = Optional.ofNullable(next.get(path));
        if (!after.equals(Optional.ofNullable(model.get(path)))) {
          wanted.put(path, after);
        }
      }
      if (!wanted.isEmpty()) {
        List<Change> changes = new ArrayList<>();
        wanted.forEach((p, e) -> changes.add(new Change(p, Optional.ofNullable(model.get(p)), e)));
        ChangeSet set = new ChangeSet(PromotionFixture.BASE, changes, List.of(), List.of());
        act(s -> s.promote(set), next);
      }
    }

    private Optional<TreeEntry> other(RelativePath path) {
      boolean container = path.equals(path("d")) || path.equals(path("e"));
      return switch (random.nextInt(container ? 6 : 4)) {
        case 0 -> Optional.empty();
        case 1 -> Sim.linkTo("link " + number++);
        case 2, 3 -> sim.of("content " + number++, random.nextBoolean() ? 0644 : 0755);
        default -> Sim.directory(random.nextBoolean() ? 0755 : 0700);
      };
    }

    /** Takes back what stands and was committed last, if nobody edited it since. */
    private void rollback() {
      List<Journal.Transaction> standing = sim.rollback().standing("CTX-1");
      if (standing.isEmpty()) {
        return;
      }
      String id = standing.getLast().id().text();
      boolean force = random.nextBoolean();
      Map<RelativePath, TreeEntry> next = new TreeMap<>(model);
      boolean drifted = false;
      for (PathMove move :
          new Journal(sim.log, sim.layout.objects()).manifest(standing.getLast()).moves()) {
        Optional<TreeEntry> now = Optional.ofNullable(model.get(move.path()));
        drifted |= !now.equals(move.to()) && !now.equals(move.from());
        move.from().ifPresentOrElse(e -> next.put(move.path(), e), () -> next.remove(move.path()));
      }
      if (!drifted || force) {
        act(s -> s.rollback(force, Optional.empty(), id), next);
      } else {
        assertThat(outcome(s -> s.rollback(id))).isNotInstanceOf(PromotionOutcome.Committed.class);
      }
    }

    private interface Act extends java.util.function.Function<Sim, PromotionOutcome> {}

    private PromotionOutcome outcome(Act act) {
      try {
        return act.apply(sim);
      } catch (RunnerException e) {
        return new PromotionOutcome.Failed(e);
      }
    }

    /** Does it, and now and then ends the process or cuts the power at any of its calls. */
    private void act(Act act, Map<RelativePath, TreeEntry> next) {
      if (random.nextInt(3) != 0) {
        PromotionOutcome outcome = outcome(act);
        if (outcome instanceof PromotionOutcome.Committed) {
          model = next;
        }
        return;
      }
      int known = sim.transactions().size();
      int at = 1 + random.nextInt(160);
      int[] calls = {0};
      disk.watch(
          new SimulatedDisk.Watcher() {
            @Override
            public void after(String call, boolean changes) {
              if (++calls[0] == at) {
                throw new Crash(call);
              }
            }
          });
      try {
        PromotionOutcome _ = outcome(act);
      } catch (Crash e) {
        // as intended
      }
      PowerCut cut = disk.powerCut();
      disk = random.nextBoolean() ? cut.killed() : SimulatedDisk.of(cut.random(random));
      sim = Sim.on(disk);
      assertThat(sim.recover(false).conflicts()).isEmpty();
      List<Journal.Transaction> all = sim.transactions();
      if (all.size() > known && all.getLast().state() == Journal.State.COMMITTED) {
        model = next;
      }
    }

    private void compare(String where) {
      for (RelativePath path : PATHS) {
        try (HostTree tree = HostTree.open(disk, sim.workspace)) {
          assertThat(tree.entry(path))
              .as("%s, %s", where, path)
              .isEqualTo(Optional.ofNullable(model.get(path)));
        }
      }
    }
  }
}
