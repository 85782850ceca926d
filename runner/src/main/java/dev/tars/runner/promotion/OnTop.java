package dev.tars.runner.promotion;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Later transactions that stand on paths of the ones that are to be taken back. */
final class OnTop {
  private final Undoing undoing;
  private final Set<String> ids;

  OnTop(Undoing undoing, Set<String> ids) {
    this.undoing = undoing;
    this.ids = ids;
  }

  /** The paths that a later transaction changed, and which one it was. */
  Map<RelativePath, String> of(List<PathMove> moves) {
    Map<RelativePath, String> top = new LinkedHashMap<>();
    Set<RelativePath> paths = new HashSet<>();
    moves.forEach(m -> paths.add(m.path()));
    Set<String> since = new HashSet<>();
    for (Journal.Transaction t : undoing.all()) {
      if (!since.isEmpty() || ids.contains(t.id().text())) {
        since.add(t.id().text());
      }
      // A rollback of something that came later brought back what stood there then.
      boolean cancels = !t.undoes().isEmpty() && since.containsAll(t.undoes());
      if (!since.isEmpty()
          && !cancels
          && t.state() == Journal.State.COMMITTED
          && !ids.contains(t.id().text())
          && !undoing.isUndone(t)) {
        undoing.manifest(t).moves().stream()
            .filter(m -> paths.contains(m.path()))
            .forEach(m -> top.put(m.path(), t.id().text() + " of " + t.context()));
      }
    }
    return top;
  }

  static RunnerException inTheWay(Map<RelativePath, String> top) {
    RunnerException.Builder error =
        RunnerException.of(FailureCode.DRIFT, "later transactions changed the same paths");
    top.entrySet().stream()
        .limit(20)
        .forEach(e -> error.note(e.getKey() + " was changed by " + e.getValue()));
    if (top.size() > 20) {
      error.note((top.size() - 20) + " more paths");
    }
    String later =
        String.join(
            ", ",
            new TreeSet<>(top.values().stream().map(v -> v.substring(0, v.indexOf(' '))).toList()));
    return error
        .note("nothing was changed")
        .help("name " + later + " with --transaction-id too, or roll it back first");
  }
}
