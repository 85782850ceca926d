package dev.tars.runner.promotion;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TransactionId;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.DiskException;
import dev.tars.runner.store.FileStat;
import dev.tars.runner.store.ObjectStore;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs one transaction on a workspace, from the lock to the clean-up: check, save, stage, INTENT,
 * mutate, COMMIT. What it promises is in {@code docs/promotion.md}.
 */
final class Transactions {
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

  PromotionOutcome run(Order order) {
    try (WorkspaceLock _ = WorkspaceLock.take(disk, workspace, order.lockWait());
        HostTree tree = HostTree.open(disk, workspace)) {
      new Recovery(layout, workspace, journal).requireSettled(tree);
      List<PathConflict> conflicts = new ArrayList<>(order.check().get());
      List<PathMove> moves = new ArrayList<>();
      Set<RelativePath> paths = order.moves().stream().map(PathMove::path).collect(toSet());
      for (PathMove move : order.moves()) {
        check(tree, move, paths, conflicts).ifPresent(moves::add);
      }
      if (!conflicts.isEmpty()) {
        return new PromotionOutcome.Stale(conflicts);
      }
      return staged(order, moves, tree);
    } catch (DiskException e) {
      return new PromotionOutcome.Failed(failure(e));
    }
  }

  /** The move, if it has something to do; adds a conflict if it cannot be done. */
  private Optional<PathMove> check(
      HostTree tree, PathMove move, Set<RelativePath> all, List<PathConflict> conflicts) {
    Optional<TreeEntry> now = tree.entry(move.path());
    if (now.equals(move.to()) && !now.equals(move.from())) {
      return Optional.empty(); // somebody did it by hand
    }
    if (!now.equals(move.from())) {
      conflicts.add(
          new PathConflict(
              move.path(), move.from(), now, move.to(), "it is not what was verified"));
      return Optional.empty();
    }
    Optional<FileStat> stat = tree.stat(move.path());
    Optional<String> refusal = stat.flatMap(s -> refusal(tree, s));
    refusal.ifPresent(
        why -> conflicts.add(new PathConflict(move.path(), move.from(), now, move.to(), why)));
    if (move.removesDirectory()) {
      strangers(tree, move, all, conflicts);
    }
    return refusal.isPresent() ? Optional.empty() : Optional.of(move);
  }

  private Optional<String> refusal(HostTree tree, FileStat stat) {
    FileStat root = disk.stat(tree.root());
    switch (stat.kind()) {
      case REGULAR, DIRECTORY, SYMLINK -> {}
      default -> {
        return Optional.of("it is a special file");
      }
    }
    if (stat.frozen()) {
      return Optional.of("it is immutable or append-only");
    }
    if (stat.mountId() != root.mountId()) {
      return Optional.of("it is on another mount");
    }
    boolean file = stat.kind() == dev.tars.runner.store.FileKind.REGULAR;
    return file && stat.links() > 1
        ? Optional.of("it has " + stat.links() + " hard links; the others would not change")
        : Optional.empty();
  }

  /** What is in a directory that goes, and not in the transaction. */
  private void strangers(
      HostTree tree, PathMove move, Set<RelativePath> all, List<PathConflict> conflicts) {
    try (Disk.Dir dir = disk.open(tree.root(), move.path())) {
      for (Disk.DirEntry entry : disk.list(dir)) {
        RelativePath path = move.path().resolve(entry.name());
        if (!all.contains(path)) {
          conflicts.add(
              new PathConflict(
                  path,
                  Optional.empty(),
                  tree.entry(path),
                  Optional.empty(),
                  "it is in a directory that goes, and not part of the change"));
        }
      }
    }
  }

  private PromotionOutcome staged(Order order, List<PathMove> moves, HostTree tree) {
    TransactionId id = layout.newTransactionId();
    while (disk.stat(tree.root(), Staging.nameOf(id)).isPresent()) {
      id = layout.newTransactionId(); // somebody else's directory; another state directory's, say
    }
    journal.begin(id, order.context());
    Staging staging = Staging.make(disk, objects, tree, id);
    boolean intent = false;
    try {
      Map<RelativePath, Long> times = save(moves, tree);
      Digest manifest = objects.put(new Manifest(moves, times).toBytes());
      staging.prepare(moves);
      staging.sync(moves, manifest);
      Journal.Transaction transaction =
          new Journal.Transaction(
              id,
              order.kind(),
              order.context(),
              order.changeSet(),
              order.undoes(),
              false,
              manifest,
              Journal.State.OPEN);
      journal.intent(transaction, moves.size(), order.binding());
      intent = true;
      Optional<Mutation.Surprise> surprise = new Mutation(disk, tree, staging, moves).forward();
      if (surprise.isPresent()) {
        return undone(order, id, moves, tree, staging, surprise.get());
      }
      barrier(moves, tree, staging);
      journal.end("COMMIT", id, order.context(), List.of());
    } catch (DiskException | RunnerException e) {
      RunnerException cause = e instanceof DiskException d ? failure(d) : (RunnerException) e;
      return intent
          ? takenBack(order, id, moves, tree, staging, cause)
          : notBegun(order, id, staging, cause);
    }
    return new PromotionOutcome.Committed(
        id,
        moves.stream().map(Transactions::line).toList(),
        after(order, id, moves, tree, staging));
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
      List<PathMove> moves,
      HostTree tree,
      Staging staging,
      RunnerException cause) {
    staging.close();
    try {
      if (isOpen(id)) {
        List<PathConflict> conflicts =
            new Recovery(layout, workspace, journal).undo(id, order.context(), moves, tree);
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
    try (staging) {
      journal.checkpoint();
      List<LateEdits.Late> found =
          new LateEdits(disk, objects, tree, staging.dir(), moves).after(order.grace());
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
      List<PathMove> moves,
      HostTree tree,
      Staging staging,
      Mutation.Surprise surprise) {
    staging.close();
    List<PathConflict> conflicts =
        new Recovery(layout, workspace, journal).undo(id, order.context(), moves, tree);
    if (!conflicts.isEmpty() || surprise.bothKept()) {
      return new PromotionOutcome.Conflicted(id, conflicts);
    }
    PathMove move =
        moves.stream().filter(m -> m.path().equals(surprise.path())).findFirst().orElseThrow();
    return new PromotionOutcome.Stale(
        List.of(
            new PathConflict(
                surprise.path(),
                move.from(),
                tree.entry(surprise.path()),
                move.to(),
                "it was changed while the transaction ran, and is kept")));
  }

  /** I1: the bytes that will be displaced are in the store before anything is. */
  private Map<RelativePath, Long> save(List<PathMove> moves, HostTree tree) {
    Map<RelativePath, Long> times = new LinkedHashMap<>();
    for (PathMove move : moves) {
      if (move.from().orElse(null) instanceof TreeEntry.RegularFile file) {
        try (Disk.Dir dir = tree.parent(move.path()).orElseThrow();
            Disk.DiskFile content = disk.open(dir, move.path().name(), Disk.OpenMode.READ)) {
          times.put(move.path(), disk.stat(content).modifiedNanos());
          if (!objects.has(file.content())) {
            Digest _ = objects.put(content, Long.MAX_VALUE);
          }
        }
      }
    }
    return times;
  }

  private static String line(PathMove move) {
    String verb = move.from().isEmpty() ? "created" : move.to().isEmpty() ? "deleted" : "changed";
    return verb + " " + move.path();
  }

  static RunnerException failure(DiskException e) {
    FailureCode code =
        switch (e.errno()) {
          case ENOSPC, EDQUOT -> FailureCode.DISK_FULL;
          default -> FailureCode.IO_FAILED;
        };
    return RunnerException.of(code, "the transaction could not be done: " + e.getMessage())
        .note("the workspace is as it was")
        .cause(e)
        .help(
            code == FailureCode.DISK_FULL
                ? "make room on the workspace's file system, then try again"
                : "repair what the message names, then try again");
  }
}
