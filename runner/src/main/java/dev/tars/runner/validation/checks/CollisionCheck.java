package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two names in one directory that are one name where case is folded or Unicode is normalised: the
 * second would overwrite the first.
 */
final class CollisionCheck {
  private final ChangeSet changeSet;
  private final Contents contents;
  private final AfterTree after;

  CollisionCheck(ChangeSet changeSet, Contents contents, AfterTree after) {
    this.changeSet = changeSet;
    this.contents = contents;
    this.after = after;
  }

  void check(Findings findings) {
    Map<RelativePath, Map<String, RelativePath>> directories = new HashMap<>();
    for (Change change : changeSet.changes()) {
      if (change.before().isPresent() || change.after().isEmpty()) {
        continue;
      }
      Map<String, RelativePath> names =
          directories.computeIfAbsent(change.path().parent(), this::remaining);
      RelativePath other = names.putIfAbsent(folded(change.path().name()), change.path());
      if (other != null && !other.equals(change.path())) {
        findings.add(
            "path.collision",
            Severity.REJECT,
            change.path(),
            0,
            "is the same name as " + other + " where case or accents are folded");
      }
    }
  }

  /** What the directory has of the baseline and keeps. */
  private Map<String, RelativePath> remaining(RelativePath directory) {
    Map<String, RelativePath> names = new HashMap<>();
    Set<RelativePath> children = new TreeSet<>(contents.baselineChildren(directory));
    for (RelativePath child : children) {
      if (after.entry(child).isPresent()) {
        names.put(folded(child.name()), child);
      }
    }
    return names;
  }

  /** Full case folding, by way of upper case, so that ß is ss; then composed. */
  private static String folded(Bytes name) {
    String composed = Normalizer.normalize(name.lossyText(), Normalizer.Form.NFKC);
    String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }
}
