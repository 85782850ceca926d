package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.store.WorkspaceDir;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

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
   * @param context one of them belongs to, or all; none of them is older than it
   * @param ids of the transactions to take back
   * @param only one path of them, or all below a directory; empty means all
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

  /** How much of what a context promoted stands. */
  public enum Standing {
    ALL,
    PART,
    NOTHING
  }

  /** The transactions since a context was made, others' included, oldest first. */
  public List<Journal.Transaction> since(String context) {
    return transactions.journal().since(context);
  }

  private Undoing undoing(String context) {
    return new Undoing(transactions.journal(), since(context));
  }

  /** The transactions of a context that stand: committed, and not taken back. */
  public List<Journal.Transaction> standing(String context) {
    Undoing undoing = undoing(context);
    return undoing.all().stream()
        .filter(t -> t.context().equals(context) && t.state() == Journal.State.COMMITTED)
        .filter(t -> !undoing.isUndone(t))
        .toList();
  }

  /** How much of its promotions stands. */
  public Standing howMuch(String context) {
    Undoing undoing = undoing(context);
    List<Journal.Transaction> promoted =
        undoing.all().stream()
            .filter(t -> t.context().equals(context) && t.kind() == Journal.Kind.PROMOTE)
            .filter(t -> t.state() == Journal.State.COMMITTED)
            .toList();
    if (promoted.stream().allMatch(undoing::isUndone)) {
      return Standing.NOTHING;
    }
    return promoted.stream().allMatch(t -> undoing.undoing(t).isEmpty())
        ? Standing.ALL
        : Standing.PART;
  }

  /**
   * One line for each path that a rollback would touch.
   *
   * @param action {@code restore}, {@code delete}, {@code leave} or {@code conflict}
   */
  public record Step(String action, RelativePath path, String note) {}

  /** What {@link #rollback} would do. */
  public List<Step> preview(Request request) {
    Undoing undoing = undoing(request.context());
    List<PathMove> moves = moves(request, undoing);
    Map<RelativePath, String> top = new OnTop(undoing, request.ids()).of(moves);
    try (HostTree tree = HostTree.open(layout.disk(), workspace)) {
      return new Wanted(layout, tree).preview(moves, top);
    }
  }

  /**
   * Takes them back: all or nothing.
   *
   * @throws RunnerException NOT_FOUND, IN_DOUBT, LOCKED, DRIFT if a later transaction is in the way
   */
  public PromotionOutcome rollback(Request request) {
    Undoing undoing = undoing(request.context());
    List<PathMove> moves = moves(request, undoing);
    Map<RelativePath, String> top = new OnTop(undoing, request.ids()).of(moves);
    if (!top.isEmpty() && !request.force()) {
      throw OnTop.inTheWay(top);
    }
    List<PathMove> wanted;
    List<String> left = new ArrayList<>();
    try (HostTree tree = HostTree.open(layout.disk(), workspace)) {
      wanted = new Wanted(layout, tree).leaving(moves, left);
      if (request.force()) {
        wanted = new Wanted(layout, tree).asFound(wanted);
      }
    }
    Set<String> ids = new TreeSet<>(request.ids());
    Supplier<List<PathConflict>> nothing = List::of;
    PromotionOutcome outcome =
        transactions.run(
            new Transactions.Order(
                Journal.Kind.ROLLBACK,
                request.context(),
                Digest.of(String.join(",", ids).getBytes(StandardCharsets.UTF_8)),
                List.copyOf(ids),
                wanted,
                CanonicalJson.object()
                    .put("force", request.force())
                    .put("whole", request.only().isEmpty()),
                nothing,
                request.lockWait(),
                request.grace()));
    return outcome instanceof PromotionOutcome.Committed done ? done.and(left) : outcome;
  }

  /** From what the newest of the transactions left to what the oldest found, path by path. */
  private List<PathMove> moves(Request request, Undoing undoing) {
    Map<RelativePath, PathMove> moves = new TreeMap<>();
    for (Journal.Transaction t : chosen(request, undoing).reversed()) {
      Manifest manifest = undoing.manifest(t);
      for (PathMove move : manifest.moves()) {
        moves.merge(
            move.path(),
            manifest.back(move),
            (newer, older) ->
                new PathMove(move.path(), newer.from(), older.to(), older.original()));
      }
    }
    List<PathMove> all = moves.values().stream().filter(m -> isWanted(request, m.path())).toList();
    if (request.only().isPresent() && all.isEmpty()) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              request.only().get() + " is not in " + String.join(", ", request.ids()))
          .note("nothing was changed")
          .help("preview the rollback to see its paths: leave --file-path out");
    }
    return all.stream().filter(m -> !m.from().equals(m.to())).toList();
  }

  private static boolean isWanted(Request request, RelativePath path) {
    return request.only().isEmpty()
        || request.only().get().equals(path)
        || request.only().get().contains(path);
  }

  private static List<Journal.Transaction> chosen(Request request, Undoing undoing) {
    List<Journal.Transaction> chosen =
        undoing.all().stream()
            .filter(t -> request.ids().contains(t.id().text()))
            .filter(t -> t.state() == Journal.State.COMMITTED)
            .toList();
    Set<String> missing = new TreeSet<>(request.ids());
    chosen.forEach(t -> missing.remove(t.id().text()));
    if (chosen.isEmpty() || !missing.isEmpty()) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              missing.isEmpty()
                  ? "there is no committed transaction to roll back"
                  : String.join(", ", missing) + ": no committed transaction to roll back")
          .note("nothing was changed")
          .help("see the transactions with `tarscli execute status --context-id CTX`");
    }
    for (Journal.Transaction t : chosen) {
      t.collected()
          .ifPresent(why -> {
            throw collected(t, why);
          });
      if (undoing.isUndone(t) && chosen.size() == 1) {
        throw undoneAlready(t, undoing);
      }
    }
    return chosen;
  }

  private static RunnerException collected(Journal.Transaction t, String why) {
    return RunnerException.of(FailureCode.NOT_FOUND, t.id() + " can no longer be rolled back")
        .at(t.context())
        .note("its backups are gone: " + why)
        .note("nothing was changed")
        .help("take the files from version control or a backup of yours");
  }

  private static RunnerException undoneAlready(Journal.Transaction t, Undoing undoing) {
    Set<String> by = new HashSet<>();
    undoing.undoing(t).forEach(o -> by.add(o.id().text()));
    return RunnerException.of(
            FailureCode.NOT_FOUND,
            t.id() + " is rolled back already, by " + String.join(", ", new TreeSet<>(by)))
        .note("nothing was changed")
        .help("to have it again, roll that back with --transaction-id");
  }
}
