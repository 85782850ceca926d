package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A bare repository inside the workspace: git takes any directory with {@code HEAD}, {@code
 * objects} and {@code refs} for one, and obeys its {@code config}, which names programs.
 */
final class NestedRepositoryCheck {
  private static final Set<String> MARKS =
      Set.of(
          "head", "objects", "refs", "config", "commondir", "gitdir", "config.worktree", "hooks");

  /** Names in lower case of what a directory gets: where case is folded, "Head" is HEAD. */
  private final Map<RelativePath, Set<String>> written = new HashMap<>();

  private final AfterTree tree;
  private final ChangeSet changeSet;

  NestedRepositoryCheck(ChangeSet changeSet, AfterTree tree) {
    this.changeSet = changeSet;
    this.tree = tree;
    for (Change change : changeSet.changes()) {
      if (change.after().isPresent()) {
        written.computeIfAbsent(change.path().parent(), p -> new HashSet<>()).add(folded(change));
      }
    }
  }

  void check(Findings findings) {
    for (RelativePath dir : candidates()) {
      if (looksLikeRepository(dir, true)) {
        boolean before = looksLikeRepository(dir, false) || onlyMoved(dir);
        findings.add(
            "path.nested-repository",
            before ? Severity.REVIEW : Severity.REJECT,
            dir,
            0,
            before
                ? "git takes this directory for a repository and obeys its files"
                : "becomes a directory that git takes for a repository, whose config runs programs"
                    + " (for fixtures a policy may say validation.rules: { path.nested-repository:"
                    + " review })");
      }
    }
  }

  /**
   * True if all that is written below was in another repository that goes away with this change.
   */
  private boolean onlyMoved(RelativePath dir) {
    List<Change> written =
        changeSet.changes().stream()
            .filter(c -> dir.contains(c.path()) && !dir.equals(c.path()))
            .filter(c -> c.after().isPresent())
            .toList();
    return changeSet.changes().stream()
        .filter(c -> c.after().isEmpty() && folded(c).equals("head"))
        .map(c -> c.path().parent())
        .filter(old -> looksLikeRepository(old, false))
        .anyMatch(old -> written.stream().allMatch(c -> isFrom(old, dir, c)));
  }

  private boolean isFrom(RelativePath old, RelativePath dir, Change change) {
    int length = dir.isRoot() ? 0 : dir.bytes().length() + 1;
    Bytes below = change.path().bytes().slice(length, change.path().bytes().length());
    Bytes from =
        old.isRoot() ? below : Bytes.utf8(old.bytes().lossyText() + "/" + below.lossyText());
    return RelativePath.problem(from).isEmpty()
        && tree.before(RelativePath.of(from)).equals(change.after())
        && tree.entry(RelativePath.of(from)).isEmpty();
  }

  /** Every directory in which a change is one of the marks, or lies below one. */
  private Set<RelativePath> candidates() {
    Set<RelativePath> result = new TreeSet<>();
    for (Change change : changeSet.changes()) {
      for (RelativePath at = change.path(); !at.isRoot(); at = at.parent()) {
        if (MARKS.contains(folded(at))) {
          result.add(at.parent());
        }
      }
    }
    return result;
  }

  private static String folded(Change change) {
    return folded(change.path());
  }

  private static String folded(RelativePath path) {
    return path.name().lossyText().toLowerCase(Locale.ROOT);
  }

  private boolean looksLikeRepository(RelativePath dir, boolean after) {
    boolean head = exists(dir, "HEAD", after);
    boolean own = exists(dir, "objects", after) && exists(dir, "refs", after);
    return head && (own || exists(dir, "commondir", after));
  }

  private boolean exists(RelativePath dir, String name, boolean after) {
    String folded = name.toLowerCase(Locale.ROOT);
    if (after && written.getOrDefault(dir, Set.of()).contains(folded)) {
      return true;
    }
    RelativePath path = dir.resolve(Bytes.utf8(name));
    return (after ? tree.entry(path) : tree.before(path)).isPresent();
  }
}
