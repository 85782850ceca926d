package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Takes committed transactions back, as a transaction of its own that can be taken back too. */
public final class Rollback {
  private final StoreLayout layout;
  private final WorkspaceDir workspace;
  private final Transactions transactions;

  public Rollback(StoreLayout layout, WorkspaceDir workspace, AuditLog log) {
    this.layout = layout;
    this.workspace = workspace;
    this.transactions = new Transactions(layout, workspace, log);
  }

  /**
   * Which transactions, and how far.
   *
   * @param ids of the transactions to take back
   * @param only one path of them; empty means all
   * @param force also where something else stands now: it is saved first
   */
  public record Request(
      String context,
      Set<String> ids,
      Optional<RelativePath> only,
      boolean force,
      Duration lockWait,
      Duration grace) {
    public Request {
      ids = Set.copyOf(ids);
    }
  }

  /** The transactions since a context was made, oldest first. */
  public List<Journal.Transaction> since(String context) {
    return transactions.journal().since(context);
  }

  private List<PathMove> moves(Journal.Transaction t) {
    return transactions.journal().manifest(t).moves();
  }

  /** The transactions of a context that stand: committed, and not taken back. */
  public List<Journal.Transaction> standing(String context) {
    List<Journal.Transaction> all = since(context);
    return all.stream()
        .filter(t -> t.context().equals(context) && t.state() == Journal.State.COMMITTED)
        .filter(t -> !isUndone(t, all))
        .toList();
  }

  private boolean isUndone(Journal.Transaction t, List<Journal.Transaction> all) {
    List<Journal.Transaction> undoing =
        all.stream()
            .filter(o -> o.state() == Journal.State.COMMITTED)
            .filter(o -> o.undoes().contains(t.id().text()) && !isUndone(o, all))
            .toList();
    if (undoing.stream().anyMatch(Journal.Transaction::whole)) {
      return true; // what it did not have to move was as before already
    }
    if (undoing.isEmpty()) {
      return false;
    }
    Set<RelativePath> left = new HashSet<>();
    moves(t).forEach(m -> left.add(m.path()));
    undoing.forEach(o -> moves(o).forEach(m -> left.remove(m.path())));
    return left.isEmpty();
  }

  /**
   * One line for each path that a rollback would touch.
   *
   * @param action {@code restore}, {@code delete}, {@code leave} or {@code conflict}
   */
  public record Step(String action, RelativePath path, String note) {}

  /** What {@link #rollback} would do. */
  public List<Step> preview(Request request) {
    List<Step> steps = new ArrayList<>();
    try (HostTree tree = HostTree.open(layout.disk(), workspace)) {
      for (PathMove move : moves(request)) {
        Optional<TreeEntry> now = tree.entry(move.path());
        if (now.equals(move.to())) {
          steps.add(new Step("leave", move.path(), "it is as it was before already"));
        } else if (!now.equals(move.from())) {
          steps.add(
              new Step("conflict", move.path(), "it was edited since; --force saves it first"));
        } else {
          steps.add(new Step(move.to().isEmpty() ? "delete" : "restore", move.path(), ""));
        }
      }
    }
    return steps;
  }

  /**
   * Takes them back: all or nothing.
   *
   * @throws RunnerException NOT_FOUND, IN_DOUBT, LOCKED, DRIFT if a later transaction is in the way
   */
  public PromotionOutcome rollback(Request request) {
    List<PathMove> moves = moves(request);
    requireNothingOnTop(request, moves);
    if (request.force()) {
      moves = asFound(moves);
    }
    return transactions.run(
        new Transactions.Order(
            Journal.Kind.ROLLBACK,
            request.context(),
            Digest.of(
                String.join(",", new java.util.TreeSet<>(request.ids()))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            List.copyOf(new java.util.TreeSet<>(request.ids())),
            moves,
            CanonicalJson.object()
                .put("force", request.force())
                .put("whole", request.only().isEmpty()),
            List::of,
            request.lockWait(),
            request.grace()));
  }

  /** From what the newest of the transactions left to what the oldest found, path by path. */
  private List<PathMove> moves(Request request) {
    Map<RelativePath, PathMove> moves = new TreeMap<>();
    List<Journal.Transaction> chosen =
        since(request.context()).stream()
            .filter(t -> request.ids().contains(t.id().text()))
            .filter(t -> t.state() == Journal.State.COMMITTED)
            .toList();
    if (chosen.isEmpty()) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND, "there is no committed transaction to roll back")
          .note("nothing was changed")
          .help("see the transactions with `tarscli execute status --context-id CTX`");
    }
    for (Journal.Transaction t : chosen.reversed()) {
      Manifest manifest = transactions.journal().manifest(t);
      for (PathMove move : manifest.moves()) {
        moves.merge(
            move.path(),
            manifest.back(move),
            (newer, older) ->
                new PathMove(move.path(), newer.from(), older.to(), older.original()));
      }
    }
    if (request.only().isPresent()) {
      RelativePath only = request.only().get();
      PathMove one = moves.get(only);
      if (one == null) {
        throw RunnerException.of(FailureCode.NOT_FOUND, only + " is not in the transaction")
            .note("nothing was changed")
            .help("preview the rollback to see its paths");
      }
      return List.of(one);
    }
    return moves.values().stream().filter(m -> !m.from().equals(m.to())).toList();
  }

  private void requireNothingOnTop(Request request, List<PathMove> moves) {
    List<Journal.Transaction> all = since(request.context());
    Map<RelativePath, String> top = new LinkedHashMap<>();
    Set<String> since = new HashSet<>();
    for (Journal.Transaction t : all) {
      if (!since.isEmpty() || request.ids().contains(t.id().text())) {
        since.add(t.id().text());
      }
      // A rollback of something that came later brought back what stood there then.
      boolean cancels = !t.undoes().isEmpty() && since.containsAll(t.undoes());
      boolean later =
          !since.isEmpty()
              && !cancels
              && t.state() == Journal.State.COMMITTED
              && !request.ids().contains(t.id().text())
              && !isUndone(t, all);
      if (later) {
        moves(t).forEach(m -> top.put(m.path(), t.id().text() + " of " + t.context()));
      }
    }
    List<PathMove> blocked = moves.stream().filter(m -> top.containsKey(m.path())).toList();
    if (!blocked.isEmpty() && !request.force()) {
      RunnerException.Builder error =
          RunnerException.of(FailureCode.DRIFT, "later transactions changed the same paths");
      blocked.forEach(m -> error.note(m.path() + " was changed by " + top.get(m.path())));
      throw error.note("nothing was changed").help("roll the later ones back first");
    }
  }

  /**
   * Whatever stands there now is what is expected: it goes to the store like any displaced file.
   */
  private List<PathMove> asFound(List<PathMove> moves) {
    List<PathMove> found = new ArrayList<>();
    try (HostTree tree = HostTree.open(layout.disk(), workspace)) {
      for (PathMove move : moves) {
        Optional<TreeEntry> now = tree.entry(move.path());
        if (now.orElse(null) instanceof TreeEntry.RegularFile) {
          try (Disk.Dir dir = tree.parent(move.path()).orElseThrow();
              Disk.DiskFile file =
                  layout.disk().open(dir, move.path().name(), Disk.OpenMode.READ)) {
            Digest _ = layout.objects().put(file, Long.MAX_VALUE);
          }
        }
        if (!now.equals(move.to())) {
          found.add(new PathMove(move.path(), now, move.to(), move.original()));
        }
      }
    }
    return found;
  }
}
