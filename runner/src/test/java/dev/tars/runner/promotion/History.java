package dev.tars.runner.promotion;

import dev.tars.runner.audit.AuditLog;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.store.StoreLayout;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the log says that the workspace is: every committed transaction after the one before. */
final class History {
  private final Map<RelativePath, TreeEntry> tree;

  private History(Map<RelativePath, TreeEntry> tree) {
    this.tree = tree;
  }

  /**
   * Replays a log on what stood there first.
   *
   * @throws IllegalStateException if a transaction did not find what the ones before it left: then
   *     two of them overlapped
   */
  static Map<RelativePath, TreeEntry> replay(
      Map<RelativePath, TreeEntry> first, AuditLog log, StoreLayout layout) {
    History history = new History(new TreeMap<>(first));
    Journal journal = new Journal(log, layout.objects());
    for (Journal.Transaction t : journal.since("none")) {
      if (t.state() == Journal.State.COMMITTED) {
        journal.manifest(t).moves().forEach(m -> history.move(t, m));
      }
    }
    return history.tree;
  }

  private void move(Journal.Transaction t, PathMove move) {
    Optional<TreeEntry> now = Optional.ofNullable(tree.get(move.path()));
    if (!now.equals(move.from())) {
      throw new IllegalStateException(
          t.id() + " found " + now + " at " + move.path() + ", not " + move.from());
    }
    move.to().ifPresentOrElse(e -> tree.put(move.path(), e), () -> tree.remove(move.path()));
  }
}
