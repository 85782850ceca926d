package dev.tars.runner.promotion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.ProcessUser;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs one transaction on a workspace, from the lock to the clean-up: check, save, stage, INTENT,
 * mutate, COMMIT. What it promises is in {@code docs/promotion.md}.
 */
final class Transactions {
  /** The user id of who may promote every user's files. */
  private static final int ANYBODY = 0;

  private final StoreLayout layout;
  private final Disk disk;
  private final ObjectStore objects;
  private final WorkspaceDir workspace;
  private final Journal journal;

  Transactions(StoreLayout layout, WorkspaceDir workspace, AuditLog log) {
    this.layout = layout;
    this.disk = layout.disk();
    this.objects = layout.objects();
    this.workspace = workspace;
    this.journal = new Journal(log, layout.objects());
  }

  Journal journal() {
    return journal;
  }

  /**
   * What shall happen.
   *
   * @param binding what the record binds the transaction to: approval, policy, image
   * @param check more conditions, asked under the lock; conflicts stop it
   * @param grace how long to wait for writes through files that were open during the swap
   */
  record Order(
      Journal.Kind kind,
      String context,
      Digest changeSet,
      List<String> undoes,
      List<PathMove> moves,
      ObjectNode binding,
      Supplier<List<PathConflict>> check,
      Duration lockWait,
      Duration grace) {
    Order {
      undoes = List.copyOf(undoes);
      moves = List.copyOf(moves);
    }
  }

  /**
   * Holds the workspace as for a transaction, and if everything is as it must be for one, does
   * something else. Nothing of the workspace is written.
   *
   * @return what is not as it must be; empty if it was done
   */
  List<PathConflict> instead(Order order, Runnable other) {
    try (WorkspaceLock _ = WorkspaceLock.take(disk, workspace, order.lockWait());
        HostTree tree = HostTree.open(disk, workspace)) {
      Checked checked = check(order, tree);
      List<PathConflict> conflicts = new ArrayList<>(checked.conflicts());
      order.moves().stream()
          .filter(move -> !checked.conditions().moves().contains(move))
          .filter(move -> conflicts.stream().noneMatch(c -> c.path().equals(move.path())))
          .forEach(move ->
              conflicts.add(
                  new PathConflict(
                      move.path(), move.from(), move.to(), move.to(), "somebody did it by hand")));
      if (conflicts.isEmpty()) {
        other.run();
      }
      return List.copyOf(conflicts);
    } catch (DiskException e) {
      throw failure(e);
    }
  }

  PromotionOutcome run(Order order) {
    try (WorkspaceLock _ = WorkspaceLock.take(disk, workspace, order.lockWait());
        HostTree tree = HostTree.open(disk, workspace)) {
      Checked checked = check(order, tree);
      if (!checked.conflicts().isEmpty()) {
        return new PromotionOutcome.Stale(checked.conflicts());
      }
      Preconditions conditions = checked.conditions();
      return staged(order, new Manifest(conditions.moves(), conditions.originals()), tree);
    } catch (DiskException e) {
      return new PromotionOutcome.Failed(failure(e));
    }
  }

  /**
   * The obstacles of some moves, whoever promotes them; the workspace is only read, and no lock is
   * taken.
   */
  List<PathConflict> obstacles(List<PathMove> moves) {
    try (HostTree tree = HostTree.open(disk, workspace)) {
      return new Obstacles(disk, tree, ANYBODY).of(moves);
    } catch (DiskException e) {
      throw failure(e);
    }
  }

  private record Checked(Preconditions conditions, List<PathConflict> conflicts) {}

  /** What must hold under the lock before anything is made. */
  private Checked check(Order order, HostTree tree) {
    new Recovery(layout, workspace, journal).requireSettled(tree);
    List<PathConflict> conflicts = new ArrayList<>(order.check().get());
    Preconditions conditions = new Preconditions(disk, objects, tree, ProcessUser.current().uid());
    conditions.check(order.moves());
    conflicts.addAll(conditions.conflicts());
    return new Checked(conditions, conflicts);
  }

  private PromotionOutcome staged(Order order, Manifest manifest, HostTree tree) {
    TransactionId id = layout.newTransactionId();
    while (disk.stat(tree.root(), Staging.nameOf(id)).isPresent()) {
      id = layout.newTransactionId(); // somebody else's directory; another state directory's, say
    }
    List<PathMove> moves = manifest.moves();
    journal.begin(id, order.context());
    Staging staging = Staging.make(disk, objects, tree, id);
    boolean intent = false;
    try {
      Digest stored = objects.put(manifest.toBytes());
      staging.prepare(manifest);
      staging.sync(moves, stored);
      Journal.Transaction transaction =
          new Journal.Transaction(
              id,
              order.kind(),
              order.context(),
              order.changeSet(),
              order.undoes(),
              false,
              stored,
              Journal.State.OPEN,
              Optional.empty());
      journal.intent(transaction, moves.size(), order.binding());
      intent = true;
      Optional<Mutation.Surprise> surprise = new Mutation(disk, tree, staging, moves).forward();
      if (surprise.isPresent()) {
        return undone(order, id, manifest, tree, staging, surprise.get());
      }
      barrier(moves, tree, staging);
      journal.end("COMMIT", id, order.context(), List.of());
    } catch (DiskException | RunnerException e) {
      RunnerException cause = e instanceof DiskException d ? failure(d) : (RunnerException) e;
      if (Doubt.isRaisedBy(e)) {
        return inDoubt(id, staging, cause);
      }
      return intent
          ? takenBack(order, id, manifest, tree, staging, cause)
          : notBegun(order, id, staging, cause);
    }
    return new PromotionOutcome.Committed(
        id,
        moves.stream().map(Transactions::line).toList(),
        after(order, id, moves, tree, staging));
  }

  /**
   * A sync failed, and the kernel tells that only once: to sync again would prove nothing. All
   * stays as it is, and nothing more is written until a person has looked at the disk.
   */
  private PromotionOutcome inDoubt(TransactionId id, Staging staging, RunnerException cause) {
    staging.close();
    journal.doubt(id + ": " + cause.getMessage());
    return new PromotionOutcome.Failed(
        RunnerException.of(FailureCode.IN_DOUBT, "the disk did not confirm what " + id + " wrote")
            .note(String.valueOf(cause.getMessage()))
            .note("every byte is kept; the log says how far it came; nothing more is written")
            .cause(cause)
            .help("check the disk, then run `tarscli execute recover`"));
  }

  private PromotionOutcome notBegun(
      Order order, TransactionId id, Staging staging, RunnerException cause) {
    try {
      staging.discard();
      journal.end("ABORT", id, order.context(), List.of("it had changed nothing"));
    } catch (DiskException | RunnerException e) {
      cause.addSuppressed(e); // the next command removes it: BEGIN is in the log
    }
    return new PromotionOutcome.Failed(cause);
  }

  /** Only while COMMIT is not in the log; once it is, the log and the workspace may not part. */
  private PromotionOutcome takenBack(
      Order order,
      TransactionId id,
      Manifest manifest,
      HostTree tree,
      Staging staging,
      RunnerException cause) {
    staging.close();
    try {
      if (isOpen(id)) {
        List<PathConflict> conflicts =
            new Recovery(layout, workspace, journal).undo(id, order.context(), manifest, tree);
        return conflicts.isEmpty()
            ? new PromotionOutcome.Failed(cause)
            : new PromotionOutcome.Conflicted(id, conflicts);
      }
    } catch (DiskException | RunnerException e) {
      cause.addSuppressed(e);
    }
    return new PromotionOutcome.Failed(
        RunnerException.of(FailureCode.IN_DOUBT, id + " failed and could not be undone yet")
            .note(String.valueOf(cause.getMessage()))
            .note("every byte is kept; the log says how far it came")
            .cause(cause)
            .help("repair the disk, then run `tarscli execute recover`"));
  }

  private boolean isOpen(TransactionId id) {
    return journal.newest().known().stream()
        .anyMatch(t -> t.id().equals(id) && t.state() == Journal.State.OPEN);
  }

  /** It is done, whatever happens now; what is left undone here the next command does. */
  private List<String> after(
      Order order, TransactionId id, List<PathMove> moves, HostTree tree, Staging staging) {
    List<String> late = new ArrayList<>();
    long committed = System.nanoTime();
    try (staging) {
      journal.checkpoint(); // while the time for late writers passes
      List<LateEdits.Late> found =
          new LateEdits(disk, objects, tree, staging.dir(), moves)
              .after(order.grace().minusNanos(System.nanoTime() - committed));
      if (!found.isEmpty()) {
        journal.late(id, order.context(), found);
        found.forEach(l -> late.add(l.line()));
      }
      new Displaced(disk, objects, workspace, journal).retire(id, tree);
    } catch (DiskException | RunnerException e) {
      late.add(
          Staging.nameOf(id).lossyText()
              + " is still to be cleaned up by the next command: "
              + e.getMessage());
    }
    return late;
  }

  /** Barrier 3: what the mutation did survives a power cut before COMMIT says so. */
  private void barrier(List<PathMove> moves, HostTree tree, Staging staging) {
    if (moves.size() >= 8) {
      disk.syncfs(tree.root());
      return;
    }
    Set<RelativePath> directories = new LinkedHashSet<>();
    for (PathMove move : moves) {
      directories.add(move.path().parent());
      if (PathMove.isDirectory(move.to())) {
        directories.add(move.path()); // its mode and owner are its own, not its parent's
      }
    }
    for (RelativePath path : directories) {
      tree.directory(path)
          .ifPresent(dir -> {
            try (dir) {
              disk.fsync(dir);
            }
          });
    }
    disk.fsync(staging.dir());
    disk.fsync(tree.root());
  }

  private PromotionOutcome undone(
      Order order,
      TransactionId id,
      Manifest manifest,
      HostTree tree,
      Staging staging,
      Mutation.Surprise surprise) {
    staging.close();
    List<PathConflict> conflicts =
        new Recovery(layout, workspace, journal)
            .undo(
                id,
                order.context(),
                manifest,
                tree,
                surprise.bothKept() ? Optional.empty() : Optional.of(surprise.path()));
    if (!conflicts.isEmpty() || surprise.bothKept()) {
      return new PromotionOutcome.Conflicted(id, conflicts);
    }
    PathMove move =
        manifest.moves().stream()
            .filter(m -> m.path().equals(surprise.path()))
            .findFirst()
            .orElseThrow();
    return new PromotionOutcome.Stale(
        List.of(
            new PathConflict(
                surprise.path(),
                move.from(),
                tree.entry(surprise.path()),
                move.to(),
                "it was changed while the transaction ran, and is kept")));
  }

  private static String line(PathMove move) {
    String verb = move.from().isEmpty() ? "created" : move.to().isEmpty() ? "deleted" : "changed";
    return verb + " " + move.path();
  }

  static RunnerException failure(DiskException e) {
    FailureCode code = e.code();
    return RunnerException.of(code, "the transaction could not be done: " + e.getMessage())
        .note("the workspace is as it was")
        .cause(e)
        .help(
            code == FailureCode.DISK_FULL
                ? "make room on the workspace's file system, then try again"
                : "repair what the message names, then try again");
  }
}
