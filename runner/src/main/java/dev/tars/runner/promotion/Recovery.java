package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finishes or undoes what a crash interrupted. Needs nothing from the workspace but what stands at
 * the paths of the open transaction; may be killed anywhere and done again.
 */
public final class Recovery {
  private final StoreLayout layout;
  private final Disk disk;
  private final WorkspaceDir workspace;
  private final Journal journal;
  private final Displaced displaced;

  Recovery(StoreLayout layout, WorkspaceDir workspace, Journal journal) {
    this.layout = layout;
    this.disk = layout.disk();
    this.workspace = workspace;
    this.journal = journal;
    this.displaced = new Displaced(disk, layout.objects(), workspace, journal);
  }

  public static Recovery of(StoreLayout layout, WorkspaceDir workspace, AuditLog log) {
    return new Recovery(layout, workspace, new Journal(log, layout.objects()));
  }

  /**
   * What recovery did.
   *
   * @param done one line for each transaction that was undone, cleaned up or settled
   * @param conflicts paths that hold something else than the transaction knows
   */
  public record Report(List<String> done, List<PathConflict> conflicts) {
    public Report {
      done = List.copyOf(done);
      conflicts = List.copyOf(conflicts);
    }
  }

  /** True if a transaction is open or conflicted: what a command that only reads shows. */
  public boolean isNeeded() {
    return journal.doubt().isPresent()
        || journal.newest().known().stream()
            .anyMatch(
                t -> t.state() == Journal.State.OPEN || t.state() == Journal.State.CONFLICTED);
  }

  /**
   * Recovers under the lock.
   *
   * @param settle true if a person asked: a conflicted transaction is closed, all kept as found
   */
  public Report recover(Duration lockWait, boolean settle) {
    try (WorkspaceLock _ = WorkspaceLock.take(disk, workspace, lockWait);
        HostTree tree = HostTree.open(disk, workspace)) {
      return recover(tree, settle);
    }
  }

  /** For a transaction that is about to begin, under its lock; throws IN_DOUBT if it may not. */
  void requireSettled(HostTree tree) {
    Report report = recover(tree, false);
    if (!report.conflicts().isEmpty()) {
      RunnerException.Builder error =
          RunnerException.of(
              FailureCode.IN_DOUBT, "an earlier transaction met edits and must be settled first");
      report.conflicts().forEach(c -> error.note(c.line()));
      throw error.help("look at these files, then run `tarscli execute recover`");
    }
  }

  private Report recover(HostTree tree, boolean settle) {
    List<String> done = new ArrayList<>();
    List<PathConflict> conflicts = new ArrayList<>();
    if (settle && journal.doubt().isPresent()) {
      journal.settleDoubt();
      Instant since = journal.now().minus(Duration.ofDays(1));
      layout.objects().writeAnew(since.getEpochSecond() * 1_000_000_000L);
      done.add("what the disk did not confirm is written again");
    }
    journal.requireNoDoubt();
    Journal.History newest = journal.newest();
    if (!isAtRest(newest, tree)) {
      journal.sync(); // what is done now rests on what was read, which a killed process wrote
    }
    for (Journal.Transaction t : newest.known()) {
      switch (t.state()) {
        case OPEN -> {
          List<PathConflict> found = undo(t.id(), t.context(), journal.manifest(t), tree);
          conflicts.addAll(found);
          done.add(t.id() + " was interrupted and is undone");
        }
        case CONFLICTED -> {
          if (settle) {
            journal.end("RESOLVE", t.id(), t.context(), List.of("kept as found"));
            done.add(t.id() + " is settled; every file stays as it is");
          } else {
            conflicts.addAll(different(t, tree));
          }
        }
        case COMMITTED, ABORTED -> cleanUp(t, tree);
      }
    }
    for (TransactionId id : newest.begun()) {
      if (isStaged(id, tree)) {
        Staging.open(disk, layout.objects(), tree, id).discard();
        done.add(id + " was interrupted before it changed anything");
      }
      journal.end("ABORT", id, "", List.of("it had changed nothing"));
    }
    done.addAll(displaced.sweep(tree, settle));
    return new Report(done, conflicts);
  }

  /** True if there is nothing to undo, to finish or to clean up. */
  private boolean isAtRest(Journal.History newest, HostTree tree) {
    return newest.begun().isEmpty()
        && newest.known().stream()
            .allMatch(t ->
                switch (t.state()) {
                  case COMMITTED, ABORTED -> !isStaged(t.id(), tree) || displaced.holds(t.id());
                  case OPEN, CONFLICTED -> false;
                });
  }

  private List<PathConflict> different(Journal.Transaction t, HostTree tree) {
    List<PathConflict> conflicts = new ArrayList<>();
    List<PathMove> moves = journal.manifest(t).moves();
    for (PathMove move : moves) {
      var now = tree.entry(move.path());
      if (!now.equals(move.from())) {
        conflicts.add(
            new PathConflict(move.path(), move.from(), now, move.to(), "left by " + t.id()));
      }
    }
    if (conflicts.isEmpty()) {
      PathMove first = moves.getFirst();
      conflicts.add(
          new PathConflict(
              first.path(), first.from(), first.from(), first.to(), t.id() + " is not settled"));
    }
    return conflicts;
  }

  /** Undoes one transaction and says so in the log. */
  List<PathConflict> undo(TransactionId id, String context, Manifest manifest, HostTree tree) {
    return undo(id, context, manifest, tree, Optional.empty());
  }

  /**
   * The same for a process that lives and knows more than the disk shows.
   *
   * @param putBack where a person's save was met and put back whole: it stays and is no conflict,
   *     for it is as if the transaction had never come to that path
   */
  List<PathConflict> undo(
      TransactionId id,
      String context,
      Manifest manifest,
      HostTree tree,
      Optional<RelativePath> putBack) {
    Staging staging = Staging.open(disk, layout.objects(), tree, id);
    List<PathConflict> conflicts =
        new Undo(disk, layout.objects(), tree, staging, manifest)
            .run().stream()
                .filter(c -> !putBack.equals(Optional.of(c.path())) || c.found().equals(c.wanted()))
                .toList();
    List<LateEdits.Late> late =
        new LateEdits(disk, layout.objects(), tree, staging.dir(), manifest.moves()).look();
    disk.syncfs(tree.root());
    List<String> notes = new ArrayList<>();
    late.forEach(l -> notes.add(l.line()));
    conflicts.forEach(c -> notes.add(c.line()));
    List<Digest> kept = new ArrayList<>();
    late.forEach(l -> kept.add(l.object()));
    conflicts.forEach(c -> {
      if (c.found().orElse(null) instanceof TreeEntry.RegularFile file) {
        kept.add(file.content());
      }
    });
    journal.end(conflicts.isEmpty() ? "ABORT" : "CONFLICT", id, context, notes, kept);
    staging.close();
    try {
      displaced.retire(id, tree);
    } catch (DiskException e) {
      // It is undone, and the log says so: the next command takes the directory away.
    }
    return conflicts;
  }

  /** The look at late edits may be what the crash prevented, so it is made before anything goes. */
  private void cleanUp(Journal.Transaction t, HostTree tree) {
    if (isStaged(t.id(), tree) && !displaced.holds(t.id())) {
      try (Staging staging = Staging.open(disk, layout.objects(), tree, t.id())) {
        List<LateEdits.Late> late =
            new LateEdits(disk, layout.objects(), tree, staging.dir(), displaced.moves(t)).look();
        if (!late.isEmpty()) {
          journal.late(t.id(), t.context(), late);
        }
      }
      displaced.retire(t.id(), tree);
    }
  }

  private boolean isStaged(TransactionId id, HostTree tree) {
    return disk.stat(tree.root(), Staging.nameOf(id)).isPresent();
  }
}
