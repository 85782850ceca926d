package dev.tars.runner.retention;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.promotion.Backups;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.Directories;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Removes from the state directory what nothing needs, what is older than the policy keeps, and,
 * over its cap, the oldest backups. A record says first what can no longer be rolled back; then
 * objects are moved to a trash, looked at again, and only then removed. May die anywhere.
 */
public final class Collector {
  private static final Duration WAIT = Duration.ofSeconds(10);

  private final Workbench bench;
  private final RetentionLimits limits;
  private final Instant now;
  private final ObjectStore objects;
  private final StoredContexts contexts;
  private final List<String> removed = new ArrayList<>();
  private final List<String> kept = new ArrayList<>();

  public Collector(Workbench bench, RetentionLimits limits) {
    this.bench = bench;
    this.limits = limits;
    this.now = bench.clock().instant();
    this.objects = bench.layout().objects();
    this.contexts = new StoredContexts(bench);
  }

  /**
   * What was, or would be, removed.
   *
   * @param kept why it still holds more than it may, if it does
   */
  public record Collected(List<String> removed, List<String> kept, long before, long after) {
    public Collected {
      removed = List.copyOf(removed);
      kept = List.copyOf(kept);
    }
  }

  private record Logged(WorkspaceDir workspace, Backups backups, Backups.Kept kept) {}

  /** One transaction and where it is logged. */
  private record Candidate(Logged in, Backups.Backup backup) {}

  /**
   * Collects, while no transaction runs.
   *
   * @throws RunnerException LOCKED if one does for too long
   */
  public Collected collect(boolean dryRun) {
    List<Backups.Held> held = new ArrayList<>();
    try {
      List<Logged> logs = new ArrayList<>();
      for (WorkspaceDir workspace : bench.layout().workspaces()) {
        held.add(Backups.lock(bench.layout().disk(), workspace, WAIT));
        AuditLog log = AuditLog.open(bench.layout(), workspace, bench.clock());
        Backups backups = new Backups(log, objects);
        logs.add(new Logged(workspace, backups, backups.kept()));
      }
      return collect(logs, dryRun);
    } finally {
      held.reversed().forEach(Backups.Held::close);
    }
  }

  private Collected collect(List<Logged> logs, boolean dryRun) {
    Map<Digest, Long> sizes = new HashMap<>();
    Set<Digest> young = new HashSet<>();
    long cutoff = nanos(now.minus(limits.young()));
    objects.forEach((digest, stat) -> {
      sizes.put(digest, stat.allocated());
      if (stat.modifiedNanos() >= cutoff) {
        young.add(digest);
      }
    });
    StoreUsage usage = new StoreUsage(bench.layout());
    long total = sizes.values().stream().mapToLong(Long::longValue).sum() + usage.ofTheRest();
    long before = total;
    total -= sweepContexts(usage, logs, dryRun);
    total -= sweepTrees(usage, dryRun);
    Map<Digest, Integer> needs = needs(logs);
    Set<Digest> orphans = new HashSet<>(sizes.keySet());
    orphans.removeAll(needs.keySet());
    orphans.removeAll(young);
    long orphaned = orphans.stream().mapToLong(d -> sizes.getOrDefault(d, 0L)).sum();
    total -= orphaned;
    if (!orphans.isEmpty()) {
      removed.add(orphans.size() + " objects that nothing needs, " + new ByteCount(orphaned));
    }
    total -= overTheCap(total, logs, needs, sizes, orphans, young, dryRun);
    if (!dryRun) {
      sweepObjects(orphans, logs, cutoff);
    }
    if (total > limits.maxDisk()) {
      kept.add(
          new ByteCount(total)
              + " stay, more than the "
              + new ByteCount(limits.maxDisk())
              + " of retention.maxDisk: what is left is recent, pinned, or needed by a run");
    }
    return new Collected(removed, kept, before, Math.max(0, total));
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }

  // ---- contexts and trees

  private long sweepContexts(StoreUsage usage, List<Logged> logs, boolean dryRun) {
    Set<String> needed = new HashSet<>();
    logs.forEach(l -> l.kept().backups().forEach(b -> needed.add(b.context())));
    long freed = 0;
    List<StoredContexts.Stored> all = contexts.all();
    for (StoredContexts.Stored c : all.subList(0, Math.max(0, all.size() - 1))) { // ids go on
      Duration keep = c.hasFailed() ? limits.failedRuns() : limits.runs();
      if (c.alive()) {
        continue;
      }
      if (c.at().plus(keep).isBefore(now) && !needed.contains(c.dir().id().text())) {
        freed += usage.of(c.dir().path());
        removed.add("context " + c.dir().id() + ", " + c.state().id() + " since " + c.at());
        if (!dryRun) {
          removeContext(c);
        }
      } else if (c.at().plus(limits.logs()).isBefore(now)) {
        freed += sweepLogs(usage, c, dryRun);
      }
    }
    return freed;
  }

  private void removeContext(StoredContexts.Stored c) {
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), c.dir());
        Disk.Dir dir = bench.layout().disk().open(bench.layout().root().resolve("contexts"))) {
      Directories.remove(bench.layout().disk(), dir, Bytes.utf8(c.dir().id().text()));
    }
  }

  private long sweepLogs(StoreUsage usage, StoredContexts.Stored c, boolean dryRun) {
    long freed = 0;
    for (String name : List.of("steps", "gates")) {
      if (c.dir().has(name)) {
        freed += usage.of(c.dir().path().resolve(name));
        removed.add("output of " + name + " of " + c.dir().id());
        if (!dryRun) {
          try (Disk.Dir dir = bench.layout().disk().open(c.dir().path())) {
            Directories.remove(bench.layout().disk(), dir, Bytes.utf8(name));
          }
        }
      }
    }
    return freed;
  }

  private long sweepTrees(StoreUsage usage, boolean dryRun) {
    List<StoredContexts.Stored> all = contexts.all();
    if (all.stream().anyMatch(StoredContexts.Stored::alive)) {
      return 0; // it may be about to use any of them
    }
    Set<Digest> needed = new HashSet<>();
    all.forEach(c -> contexts.tree(c).ifPresent(needed::add));
    for (WorkspaceDir workspace : bench.layout().workspaces()) {
      bench.baselines().get().last(workspace).ifPresent(needed::add);
    }
    long freed = 0;
    for (Digest tree :
        bench.baselines().get().unneeded(needed, nanos(now.minus(Duration.ofHours(1))))) {
      freed += usage.of(bench.layout().trees().resolve(tree.hex()));
      removed.add("baseline " + tree.brief());
      if (!dryRun) {
        bench.baselines().get().remove(tree);
      }
    }
    return freed;
  }

  // ---- objects

  /** How many transactions and contexts need each object. */
  private Map<Digest, Integer> needs(List<Logged> logs) {
    Map<Digest, Integer> needs = new HashMap<>();
    for (Logged log : logs) {
      log.kept().backups().forEach(b -> b.objects().forEach(d -> needs.merge(d, 1, Integer::sum)));
      log.kept().saved().forEach(d -> needs.merge(d, 1, Integer::sum));
    }
    contexts.all().forEach(c -> contexts.objects(c).forEach(d -> needs.merge(d, 1, Integer::sum)));
    return needs;
  }

  /** Over the cap the oldest transactions lose their backups, one after the other. */
  private long overTheCap(
      long total,
      List<Logged> logs,
      Map<Digest, Integer> needs,
      Map<Digest, Long> sizes,
      Set<Digest> orphans,
      Set<Digest> young,
      boolean dryRun) {
    long freed = 0;
    Map<Logged, List<Backups.Backup>> chosen = new LinkedHashMap<>();
    for (Candidate c : candidates(logs)) {
      if (total - freed <= limits.maxDisk()) {
        break;
      }
      chosen.computeIfAbsent(c.in(), l -> new ArrayList<>()).add(c.backup());
      for (Digest d : c.backup().objects()) {
        if (needs.merge(d, -1, Integer::sum) == 0 && !young.contains(d)) {
          orphans.add(d);
          freed += sizes.getOrDefault(d, 0L);
        }
      }
    }
    String because =
        "the store held more than the "
            + new ByteCount(limits.maxDisk())
            + " of retention.maxDisk, and they were the oldest; collected at "
            + now;
    chosen.forEach((log, backups) -> {
      backups.forEach(b -> removed.add("backups of " + b.id() + " of " + b.context()));
      if (!dryRun) {
        log.backups().collect(backups.stream().map(Backups.Backup::id).toList(), because);
      }
    });
    return freed;
  }

  /** Oldest first: neither pinned, nor recent, nor among the newest of their workspace. */
  private List<Candidate> candidates(List<Logged> logs) {
    List<Candidate> all = new ArrayList<>();
    for (Logged log : logs) {
      List<Backups.Backup> backups = log.kept().backups();
      backups.subList(0, Math.max(0, backups.size() - limits.newest())).stream()
          .filter(b -> !b.pinned() && b.at().plus(limits.recent()).isBefore(now))
          .forEach(b -> all.add(new Candidate(log, b)));
    }
    all.sort(Comparator.comparing(c -> c.backup().at()));
    return all;
  }

  /** Out of the way, another look, and only then gone. */
  private void sweepObjects(Set<Digest> orphans, List<Logged> logs, long cutoff) {
    Set<Digest> moved = new HashSet<>(objects.trashed()); // of a collection that died
    for (Digest digest : orphans) {
      if (objects.trash(digest, cutoff)) {
        moved.add(digest);
      }
    }
    if (moved.isEmpty()) {
      return;
    }
    Set<Digest> needed = new HashSet<>();
    for (Logged log : logs) {
      Backups.Kept kept = log.backups().kept();
      kept.backups().forEach(b -> needed.addAll(b.objects()));
      needed.addAll(kept.saved());
    }
    contexts.all().forEach(c -> needed.addAll(contexts.objects(c)));
    moved.stream().filter(needed::contains).forEach(objects::restore);
    objects.emptyTrash(cutoff);
  }

  /**
   * Lets go of one transaction's backups, as its run asked for: a record, then what nothing else
   * needs. Objects that another run may be about to need stay for a later collection.
   */
  public void drop(String transaction, String context, String because) {
    try (Backups.Held _ = Backups.lock(bench.layout().disk(), bench.workspaceDir(), WAIT)) {
      Backups backups = new Backups(bench.audit().get(), objects);
      Optional<Backups.Backup> backup =
          backups.kept().backups().stream()
              .filter(b -> b.id().text().equals(transaction))
              .findFirst();
      if (backup.isEmpty()) {
        return;
      }
      backups.collect(List.of(backup.get().id()), because);
      boolean alone =
          contexts.all().stream().noneMatch(c -> c.alive() && !c.dir().id().text().equals(context));
      if (alone) {
        List<Logged> logs = new ArrayList<>();
        for (WorkspaceDir workspace : bench.layout().workspaces()) {
          AuditLog log = AuditLog.open(bench.layout(), workspace, bench.clock());
          Backups of = new Backups(log, objects);
          logs.add(new Logged(workspace, of, of.kept()));
        }
        Set<Digest> orphans = new HashSet<>(backup.get().objects());
        orphans.removeAll(needs(logs).keySet());
        sweepObjects(orphans, logs, Long.MAX_VALUE);
      }
    }
  }
}
