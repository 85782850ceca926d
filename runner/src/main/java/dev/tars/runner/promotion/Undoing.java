package dev.tars.runner.promotion;

import dev.tars.runner.model.RelativePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which transactions of a history stand, and which took others back. */
final class Undoing {
  private final Journal journal;
  private final List<Journal.Transaction> all;
  private final Map<String, Boolean> undone = new HashMap<>();
  private final Map<String, Manifest> manifests = new HashMap<>();

  Undoing(Journal journal, List<Journal.Transaction> all) {
    this.journal = journal;
    this.all = List.copyOf(all);
  }

  List<Journal.Transaction> all() {
    return all;
  }

  Manifest manifest(Journal.Transaction t) {
    return manifests.computeIfAbsent(t.id().text(), id -> journal.manifest(t));
  }

  /** The transactions that took it back, in whole or part, and were not taken back themselves. */
  List<Journal.Transaction> undoing(Journal.Transaction t) {
    return all.stream()
        .filter(o -> o.state() == Journal.State.COMMITTED)
        .filter(o -> o.undoes().contains(t.id().text()) && !isUndone(o))
        .toList();
  }

  /** True if nothing of it stands. */
  boolean isUndone(Journal.Transaction t) {
    Boolean known = undone.get(t.id().text());
    if (known == null) {
      known = findOut(t);
      undone.put(t.id().text(), known);
    }
    return known;
  }

  private boolean findOut(Journal.Transaction t) {
    List<Journal.Transaction> undoing = undoing(t);
    if (undoing.stream().anyMatch(Journal.Transaction::whole)) {
      return true; // what it did not have to move was as before already
    }
    if (undoing.isEmpty()) {
      return false;
    }
    Set<RelativePath> left = new HashSet<>();
    manifest(t).moves().forEach(m -> left.add(m.path()));
    undoing.forEach(o -> manifest(o).moves().forEach(m -> left.remove(m.path())));
    return left.isEmpty();
  }
}
