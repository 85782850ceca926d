package dev.tars.runner.validation;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashSet;
import java.util.Set;

/** The size of a change set against the limits of the policy. */
final class LimitCheck {
  private final ChangeLimits limits;
  private final Findings findings;
  private final Set<RelativePath> tooLong = new HashSet<>();

  LimitCheck(ChangeLimits limits, Findings findings) {
    this.limits = limits;
    this.findings = findings;
  }

  void check(ChangeSet changeSet, Lines lines) {
    long files = 0;
    long total = 0;
    for (Change change : changeSet.changes()) {
      files +=
          change.after().or(change::before).orElseThrow() instanceof TreeEntry.Directory ? 0 : 1;
      long size = change.after().orElse(null) instanceof TreeEntry.RegularFile f ? f.size() : 0;
      total += size;
      if (size > limits.fileSize().bytes()) {
        add("file-size", change.path(), new ByteCount(size), limits.fileSize());
      }
      shape(change.path());
    }
    whole("files", files, limits.filesChanged());
    whole("lines-added", lines.added(), limits.linesAdded());
    whole("lines-removed", lines.removed(), limits.linesRemoved());
    if (total > limits.totalSize().bytes()) {
      add("total-size", RelativePath.ROOT, new ByteCount(total), limits.totalSize());
    }
  }

  /** A directory that is too deep says it for all that is in it. */
  private void shape(RelativePath path) {
    int length = path.bytes().length();
    int depth = path.components().size();
    if (length <= limits.pathLength() && depth <= limits.depth()) {
      return;
    }
    boolean said = !tooLong.add(path) || tooLong.contains(path.parent());
    if (said) {
      return;
    }
    if (length > limits.pathLength()) {
      add("path-length", path, length + " bytes", limits.pathLength());
    }
    if (depth > limits.depth()) {
      add("depth", path, depth + " levels", limits.depth());
    }
  }

  private void whole(String what, long is, long limit) {
    if (is > limit) {
      add(what, RelativePath.ROOT, is, limit);
    }
  }

  private void add(String what, RelativePath path, Object is, Object limit) {
    Told message =
        new Told("has " + is + ", the policy allows " + limit, "has " + is + ", more than it may");
    findings.add("limit." + what, Severity.REJECT, path, 0, message);
  }

  /** Lines of text files. */
  record Lines(long added, long removed) {}
}
