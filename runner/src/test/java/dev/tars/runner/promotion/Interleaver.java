package dev.tars.runner.promotion;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.PowerCut;
import dev.tars.runner.store.SimImage;
import dev.tars.runner.store.SimulatedDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Lets a person, or another process, act before every single call of a transaction: the race of
 * {@link RaceTest}, but with every one of its outcomes. What the person saved last is in the
 * workspace, or where it was swapped away in the store; a save that came before the swap stops it.
 */
final class Interleaver {
  private static final String SAID = "saved by a person";

  /** What a person does to a path. */
  enum Edit {
    SAVE,
    IN_PLACE,
    APPEND,
    DELETE,
    CHMOD,
    PROMOTE,
    TWICE
  }

  private final UnaryOperator<Disk> wrap;
  private final int stride;
  private final boolean stopAtFirst;
  private final List<String> violations = new ArrayList<>();
  private long runs;

  Interleaver(UnaryOperator<Disk> wrap, int stride, boolean stopAtFirst) {
    this.wrap = wrap;
    this.stride = stride;
    this.stopAtFirst = stopAtFirst;
  }

  long runs() {
    return runs;
  }

  List<String> violations() {
    return violations;
  }

  /** A transaction of {@code shape}, met by every edit of every path at every call. */
  void explore(Shape shape, List<String> paths, List<Edit> edits) {
    SimulatedDisk start = SimulatedDisk.emptyOnOne();
    shape.person().accept(Sim.on(start));
    shape.earlier().accept(Sim.on(start));
    explore(shape.name(), start.powerCut(), shape.act(), paths, edits);
  }

  /** The recovery of a transaction that was killed when all but COMMIT was done. */
  void exploreRecovery(Shape shape, List<String> paths, List<Edit> edits) {
    SimulatedDisk start = SimulatedDisk.emptyOnOne();
    shape.person().accept(Sim.on(start));
    shape.earlier().accept(Sim.on(start));
    SimImage before = start.image();
    List<PowerCut> cuts = new ArrayList<>();
    start.watch(
        new SimulatedDisk.Watcher() {
          @Override
          public void after(String call, boolean changes) {
            if (call.equals("rename") && !start.image().tree("ws").equals(before.tree("ws"))) {
              cuts.add(start.powerCut());
            }
          }
        });
    shape.act().apply(Sim.on(start));
    for (PowerCut cut : cuts) {
      if (Sim.on(cut.killed()).transactions().stream()
          .anyMatch(t -> t.state() == Journal.State.OPEN)) {
        explore(
            "recovery of " + shape.name(),
            cut,
            s -> new PromotionOutcome.Conflicted(null, s.recover(false).conflicts()),
            paths,
            edits);
      }
    }
  }

  private void explore(
      String name,
      PowerCut start,
      Function<Sim, PromotionOutcome> act,
      List<String> paths,
      List<Edit> edits) {
    SimulatedDisk undisturbed = start.killed();
    SimImage before = undisturbed.image();
    act.apply(Sim.on(undisturbed));
    SimImage wanted = undisturbed.image();
    for (String path : paths) {
      for (Edit edit : edits) {
        for (int step = 1; ; step += stride) {
          if (stopAtFirst && !violations.isEmpty()) {
            return;
          }
          Meeting meeting = new Meeting(start.killed(), path, edit, step);
          String where = name + ", " + edit + " of " + path + " before call " + step;
          try {
            if (!meeting.run(act)) {
              break;
            }
            runs++;
            meeting.judge(before, wanted);
          } catch (RuntimeException | Error e) {
            violations.add(where + ": " + Explorer.describe(e));
          }
        }
      }
    }
  }

  /** One run, and one edit in it. */
  private final class Meeting implements SimulatedDisk.Watcher {
    private final SimulatedDisk disk;
    private final String path;
    private final Edit edit;
    private final int step;
    private final Sim person;
    private Optional<Disk.DiskFile> open = Optional.empty();
    private int calls;
    private boolean acted;
    private String found = "";
    private String saved = "";
    private PromotionOutcome outcome;
    private Optional<PromotionOutcome> other = Optional.empty();

    Meeting(SimulatedDisk disk, String path, Edit edit, int step) {
      this.disk = disk;
      this.path = path;
      this.edit = edit;
      this.step = step;
      this.person = Sim.on(disk);
    }

    /** False if the transaction has not so many calls. */
    boolean run(Function<Sim, PromotionOutcome> act) {
      if (edit == Edit.APPEND) {
        open = Optional.ofNullable(now()).map(c -> person.append(path));
      }
      disk.watch(this);
      try {
        outcome = act.apply(Sim.on(wrap.apply(disk)));
      } catch (RunnerException e) {
        outcome = new PromotionOutcome.Failed(e);
      }
      disk.watch(SimulatedDisk.Watcher.NONE);
      return calls >= step;
    }

    @Override
    public void before(String call, boolean changes) {
      calls++;
      boolean again = edit == Edit.TWICE && acted && calls <= step + 12;
      if (calls == step || again) {
        try {
          person();
        } catch (DiskException e) {
          saved = ""; // nothing is there to write to, and a person sees that
        }
        acted = true;
      }
    }

    private String now() {
      return disk.image().tree("ws").get(path);
    }

    private void person() {
      String there = now();
      found = there == null ? "" : there;
      switch (edit) {
        case SAVE, TWICE -> {
          saved = SAID + " " + calls;
          person.save(path, saved);
        }
        case IN_PLACE -> {
          saved = SAID + " in place";
          person.inPlace(path, saved);
        }
        case APPEND -> {
          byte[] more = (" and " + SAID).getBytes(UTF_8);
          if (open.isPresent()) {
            disk.write(open.get(), more, 0, more.length);
            saved = "and " + SAID;
          }
        }
        case DELETE -> person.unlink(path);
        case CHMOD -> person.chmod(path, 0601);
        case PROMOTE -> another();
      }
    }

    private void another() {
      if (disk.isLocked("append.lock")) {
        return; // it would wait for ever: both are one thread
      }
      Sim process = Sim.on(wrap.apply(disk));
      try {
        other =
            Optional.of(
                process.promote(
                    process.changes(Map.of("stranger", process.of("another's", 0644)))));
      } catch (RunnerException e) {
        if (e.code() != FailureCode.LOCKED && e.code() != FailureCode.IN_DOUBT) {
          throw e;
        }
      }
    }

    void judge(SimImage before, SimImage wanted) {
      Sim next = Sim.on(wrap.apply(disk));
      // A person settles it, and what came late through an old descriptor is looked for.
      next.recover(true);
      next.recover(true);
      Map<String, String> tree = disk.image().tree("ws");
      boolean committed = outcome instanceof PromotionOutcome.Committed;
      Map<String, String> right = (committed ? wanted : before).tree("ws");
      if (outcome instanceof PromotionOutcome.Conflicted) {
        right = wanted.tree("ws"); // a recovery: what it makes of the other paths
      }
      for (String each : List.copyOf(union(tree, right))) {
        boolean touched = each.equals(path) || (edit == Edit.PROMOTE && each.equals("stranger"));
        boolean special =
            each.startsWith(".tars-tx-")
                || outcome instanceof PromotionOutcome.Conflicted c && c.id() != null;
        if (!touched && !special && !java.util.Objects.equals(tree.get(each), right.get(each))) {
          throw new IllegalStateException(
              outcome + ", and " + each + " is " + tree.get(each) + ", not " + right.get(each));
        }
      }
      if (!saved.isEmpty()) {
        kept(tree, committed, before);
      }
      if (edit == Edit.PROMOTE && other.orElse(null) instanceof PromotionOutcome.Committed) {
        require(tree.get("stranger").contains("another's"), "the other process's change is gone");
      }
      require(next.log.verify(Optional.empty()).problem().isEmpty(), "the log is broken");
      require(
          next.transactions().stream().noneMatch(t -> t.state() == Journal.State.OPEN),
          "still open");
    }

    private void kept(Map<String, String> tree, boolean committed, SimImage before) {
      String there = tree.getOrDefault(path, "");
      boolean inPlace = there.contains(saved);
      require(inPlace || isStored(), "lost: \"" + saved + "\"; " + outcome + ", there is " + there);
      boolean beforeSwap = found.equals(before.tree("ws").getOrDefault(path, ""));
      boolean asSaved = edit == Edit.SAVE || edit == Edit.TWICE;
      boolean bothKept = edit == Edit.TWICE && outcome instanceof PromotionOutcome.Conflicted;
      if (asSaved && !inPlace && !bothKept) {
        throw new IllegalStateException(
            "swapped away, "
                + (beforeSwap ? "before" : "after")
                + " the swap: "
                + outcome
                + ", there is "
                + there);
      }
    }

    private boolean isStored() {
      SimImage image = disk.image();
      for (String shard : image.names("state", "objects")) {
        for (String object : image.names("state", "objects", shard)) {
          if (new String(image.content("state", "objects", shard, object), UTF_8).contains(saved)) {
            return true;
          }
        }
      }
      return false;
    }
  }

  private static java.util.Set<String> union(Map<String, String> a, Map<String, String> b) {
    java.util.Set<String> all = new java.util.TreeSet<>(a.keySet());
    all.addAll(b.keySet());
    return all;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
