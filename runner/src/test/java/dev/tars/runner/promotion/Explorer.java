package dev.tars.runner.promotion;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.PowerCut;
import dev.tars.runner.store.SimImage;
import dev.tars.runner.store.SimulatedDisk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Cuts the power after every operation of a transaction, and of the recovery that follows, in every
 * way that {@link PowerCut} knows; then recovers and holds what is left against the promise.
 */
final class Explorer implements AutoCloseable {
  private static final int MOST_VIOLATIONS = 20;

  private final Effort effort;
  private final UnaryOperator<Disk> wrap;
  private final Set<Bytes> distinct = ConcurrentHashMap.newKeySet();
  private final Set<Bytes> checked = ConcurrentHashMap.newKeySet();
  private final List<String> violations = Collections.synchronizedList(new ArrayList<>());
  private final boolean stopAtFirst;
  private final Set<String> kinds = ConcurrentHashMap.newKeySet();
  private final AtomicLong violated = new AtomicLong();
  private final AtomicLong images = new AtomicLong();
  private final AtomicLong inRecovery = new AtomicLong();
  private final ExecutorService workers;
  private final Semaphore room;

  /**
   * How much is tried.
   *
   * @param randoms random subsets of the unsynced operations at each cut
   * @param tornEvery every how many cuts the last write is torn at each byte; 0 is never
   * @param nestedEvery every how many states that recovery changed, recovery is cut as well
   * @param killedEvery every how many cuts the process ends alone, and the power is cut in recovery
   * @param eachEvery every how many cuts each single operation is lost, and kept, alone
   */
  record Effort(
      int randoms,
      int tornEvery,
      int nestedEvery,
      int killedEvery,
      int eachEvery,
      int threads,
      long seed) {}

  /** {@code wrap} stands between the runner and the disk, for what the runner is to lack. */
  Explorer(Effort effort, UnaryOperator<Disk> wrap) {
    this(effort, wrap, false);
  }

  /** {@code stopAtFirst} for a runner of which it is known that it is wrong. */
  Explorer(Effort effort, UnaryOperator<Disk> wrap, boolean stopAtFirst) {
    this.stopAtFirst = stopAtFirst;
    this.effort = effort;
    this.wrap = wrap;
    this.workers = Executors.newFixedThreadPool(effort.threads());
    this.room = new Semaphore(effort.threads() * 8);
  }

  long states() {
    return distinct.size();
  }

  long images() {
    return images.get();
  }

  long inRecovery() {
    return inRecovery.get();
  }

  /** How many states broke the promise; {@link #violations} has one of a kind. */
  long violated() {
    return violated.get();
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  /** What is right after a cut: which trees, and whether success was said already. */
  private record Expected(
      String shape,
      SimImage before,
      Bytes old,
      Bytes wanted,
      int known,
      Set<Digest> displaced,
      Function<Sim, PromotionOutcome> act,
      boolean said) {
    Expected afterSuccess() {
      return new Expected(shape, before, old, wanted, known, displaced, act, true);
    }
  }

  /** Displaced files that are kept for a day where they cannot be moved out of the workspace. */
  private static boolean isKept(String name) {
    return name.startsWith(".tars-tx-");
  }

  private static void requireNoLeftovers(SimImage image) {
    Set<String> known = new HashSet<>();
    for (String workspace : image.names("state", "workspaces")) {
      for (String kept : image.names("state", "workspaces", workspace, "displaced")) {
        known.add(".tars-tx-" + kept.substring(3, kept.indexOf('.')));
      }
    }
    for (String name : image.names("ws")) {
      require(!isKept(name) || known.contains(name), "nobody knows of " + name);
    }
  }

  /** With the state directory on the workspace's file system, or on another one. */
  void explore(Shape shape, boolean onOne) {
    if (isOver()) {
      return;
    }
    SimulatedDisk run = onOne ? SimulatedDisk.emptyOnOne() : SimulatedDisk.empty();
    shape.person().accept(Sim.on(run));
    run.syncAll(); // what a person did was written back long ago
    SimImage person = run.image();
    shape.earlier().accept(Sim.on(wrap.apply(run))); // what earlier transactions left open was not
    Expected expected = expected(shape, run.powerCut());
    int[] cut = {0};
    run.watch(
        new SimulatedDisk.Watcher() {
          @Override
          public void after(String call, boolean changes) {
            cut[0]++;
            submit(run.powerCut(), expected, call + " " + cut[0], cut[0]);
          }
        });
    PromotionOutcome outcome = shape.act().apply(Sim.on(wrap.apply(run)));
    run.watch(SimulatedDisk.Watcher.NONE);
    if (outcome instanceof PromotionOutcome.Committed) {
      submit(run.powerCut(), expected.afterSuccess(), "the end", 0);
    } else {
      violation(expected, "the end", "not committed: " + outcome);
    }
    if (shape.name().equals("rollback of a few files")
        && run.image().modified("ws", "modified") != person.modified("ws", "modified")) {
      violation(expected, "the end", "the time of a file is not what it was");
    }
    if (!run.image().treeDigest("ws", Explorer::isKept).equals(expected.wanted())) {
      violation(expected, "the end", "the tree is not what was wanted");
    }
  }

  private Expected expected(Shape shape, PowerCut start) {
    SimulatedDisk disk = start.killed();
    SimImage before = disk.image();
    Sim sim = Sim.on(disk);
    int known = sim.transactions().size();
    PromotionOutcome outcome = shape.act().apply(sim);
    if (!(outcome instanceof PromotionOutcome.Committed)) {
      throw new IllegalStateException(shape.name() + ": " + outcome);
    }
    Journal.Transaction made = sim.transactions().getLast();
    Set<Digest> displaced = new HashSet<>();
    for (PathMove move : new Journal(sim.log, sim.layout.objects()).manifest(made).moves()) {
      if (move.from().orElse(null) instanceof TreeEntry.RegularFile file) {
        displaced.add(file.content());
      }
    }
    return new Expected(
        shape.name(),
        before,
        before.treeDigest("ws", Explorer::isKept),
        disk.image().treeDigest("ws", Explorer::isKept),
        known,
        displaced,
        shape.act(),
        false);
  }

  private void submit(PowerCut cut, Expected expected, String where, int number) {
    room.acquireUninterruptibly();
    workers.execute(() -> {
      try {
        cutPower(cut, where, number, image -> look(image, expected, where, 0));
        if (effort.killedEvery() > 0 && number % effort.killedEvery() == 0) {
          cutRecovery(cut.killed(), expected, where + ", a kill", 0);
        }
      } catch (Throwable e) {
        violation(expected, where, "the explorer itself: " + e);
      } finally {
        room.release();
      }
    });
  }

  private void cutPower(PowerCut cut, String where, int number, Consumer<SimImage> each) {
    each.accept(cut.lost());
    each.accept(cut.kept());
    each.accept(cut.zeroed());
    each.accept(cut.emptied());
    if (effort.eachEvery() > 0 && number % effort.eachEvery() == 0) {
      cut.each(each);
    }
    Random random = new Random(effort.seed() * 31 + where.hashCode());
    for (int i = 0; i < Math.min(effort.randoms(), 2 * cut.unsynced()); i++) {
      each.accept(cut.random(random));
    }
    if (effort.tornEvery() > 0 && number % effort.tornEvery() == 0) {
      cut.torn(each);
    }
  }

  /** Recovers one image, if it was not seen before. */
  private void look(SimImage image, Expected expected, String where, int depth) {
    images.incrementAndGet();
    if (isOver()) {
      return;
    }
    Bytes digest = image.digest();
    if (distinct.add(digest) && depth > 0) {
      inRecovery.incrementAndGet();
    }
    Bytes key = expected.said() ? Bytes.utf8(digest.hex() + " said") : digest;
    if (!checked.add(key) || isOver()) {
      return;
    }
    try {
      check(image, expected, where, depth, digest);
    } catch (Throwable e) {
      violation(expected, where, describe(e));
    }
  }

  private boolean isOver() {
    return stopAtFirst && violated.get() > 0;
  }

  static String describe(Throwable e) {
    StringBuilder text = new StringBuilder(e.toString());
    for (Throwable t = e.getCause(); t != null; t = t.getCause()) {
      text.append(" because ").append(t);
    }
    for (StackTraceElement element : e.getStackTrace()) {
      if (element.getClassName().startsWith("dev.tars")) {
        text.append("\n      at ").append(element);
      }
    }
    return text.toString();
  }

  private void check(SimImage image, Expected expected, String where, int depth, Bytes digest) {
    SimulatedDisk disk = SimulatedDisk.of(image);
    Sim sim = Sim.on(wrap.apply(disk));
    Recovery.Report report = sim.recover(false);
    require(report.conflicts().isEmpty(), "conflicts: " + report.conflicts());
    SimImage after = disk.image();
    judge(after, sim, expected, Math.floorMod(digest.hashCode(), 16) == 0);
    Recovery.Report again = sim.recover(false);
    require(again.done().isEmpty() && again.conflicts().isEmpty(), "again: " + again);
    int pick = Math.floorMod(digest.hashCode(), 1 << 20);
    if (pick % (stopAtFirst ? 4 : 64) == 0) {
      goOn(disk, expected);
    }
    if (pick % 16 == 1) {
      tryAgain(after, expected);
    }
    if (!report.done().isEmpty()
        && effort.nestedEvery() > 0
        && pick % effort.nestedEvery() == 0
        && depth < 3) {
      cutRecovery(SimulatedDisk.of(image), expected, where, depth);
    }
  }

  /** The promise, on what recovery left. */
  private void judge(SimImage after, Sim sim, Expected expected, boolean signatures) {
    List<Journal.Transaction> all = sim.transactions();
    List<Journal.Transaction> made =
        all.subList(Math.min(expected.known(), all.size()), all.size());
    boolean committed = made.stream().anyMatch(t -> t.state() == Journal.State.COMMITTED);
    require(all.size() >= expected.known(), "the log forgot transactions");
    require(made.stream().noneMatch(t -> t.state() == Journal.State.OPEN), "still open");
    require(!expected.said() || committed, "success was said, and the log does not hold it");
    Bytes tree = after.treeDigest("ws", Explorer::isKept);
    Bytes right = committed ? expected.wanted() : expected.old();
    if (!tree.equals(right)) {
      throw new IllegalStateException(
          "committed: "
              + committed
              + ", but the tree is "
              + after.tree("ws")
              + "; before it was "
              + expected.before().tree("ws"));
    }
    requireNoLeftovers(after);
    for (Digest digest : committed ? expected.displaced() : Set.<Digest>of()) {
      byte[] content =
          after.content("state", "objects", digest.hex().substring(0, 2), digest.hex());
      require(
          content != null && Digest.of(content).equals(digest),
          "a displaced file is not in the store");
    }
    require(
        sim.log.records().stream().map(r -> r.seq()).distinct().count() == sim.log.records().size(),
        "a number twice");
    Optional<String> problem =
        signatures ? sim.log.verify(Optional.empty()).problem() : Optional.empty();
    // A torn end that no command had a reason to cut off yet is what it says it is.
    require(problem.filter(p -> !p.contains("torn")).isEmpty(), "the log: " + problem);
    Set<String> ids = new HashSet<>();
    all.forEach(t -> require(ids.add(t.id().text()), t.id() + " twice"));
  }

  /** After recovery the runner works as before. */
  private void goOn(SimulatedDisk disk, Expected expected) {
    Sim sim = Sim.on(wrap.apply(disk));
    Set<String> ids = new HashSet<>();
    sim.log.records().stream()
        .filter(r -> r.type().equals("BEGIN"))
        .forEach(r -> ids.add(r.payload().path("transaction").asText()));
    PromotionOutcome outcome =
        sim.promote(sim.changes(java.util.Map.of("stranger", sim.of("ours now", 0644))));
    if (!(outcome instanceof PromotionOutcome.Committed committed)) {
      throw new IllegalStateException("a later promotion: " + outcome);
    }
    require(committed.lateEdits().isEmpty(), "a later promotion: " + outcome);
    require(ids.add(committed.id().text()), "its number was used before");
  }

  /**
   * Who tries the same again gets it, and what it displaces is in the store: the names that the
   * first attempt left there may be of bytes that are gone.
   */
  private void tryAgain(SimImage image, Expected expected) {
    SimulatedDisk disk = SimulatedDisk.of(image);
    Sim sim = Sim.on(wrap.apply(disk));
    List<Journal.Transaction> all = sim.transactions();
    if (all.stream().skip(expected.known()).anyMatch(t -> t.state() == Journal.State.COMMITTED)) {
      return;
    }
    PromotionOutcome outcome = expected.act().apply(sim);
    require(outcome instanceof PromotionOutcome.Committed, "the same again: " + outcome);
    judge(disk.image(), sim, expected.afterSuccess(), false);
    Manifest _ = new Journal(sim.log, sim.layout.objects()).manifest(sim.transactions().getLast());
  }

  private void cutRecovery(SimulatedDisk disk, Expected expected, String where, int depth) {
    List<PowerCut> cuts = new ArrayList<>();
    disk.watch(
        new SimulatedDisk.Watcher() {
          @Override
          public void after(String call, boolean changes) {
            cuts.add(disk.powerCut());
          }
        });
    Sim.on(wrap.apply(disk)).recover(false);
    disk.watch(SimulatedDisk.Watcher.NONE);
    for (int i = 0; i < cuts.size(); i++) {
      String inner = where + ", in recovery " + i;
      cutPower(cuts.get(i), inner, i, next -> look(next, expected, inner, depth + 1));
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  private void violation(Expected expected, String where, String what) {
    violated.incrementAndGet();
    String line = expected.shape() + ", cut after " + where + ": " + what;
    // One of a kind: a defect shows in many states.
    if (kinds.add(expected.shape() + what.substring(0, Math.min(60, what.length())))
        && violations.size() < MOST_VIOLATIONS) {
      violations.add(line);
    }
  }

  /** Waits for all that was submitted. */
  @Override
  public void close() {
    workers.shutdown();
    try {
      if (!workers.awaitTermination(2, TimeUnit.HOURS)) {
        throw new IllegalStateException("the explorer never ends");
      }
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
