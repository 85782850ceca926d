package dev.tars.runner.validation.checks;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.Optional;

/**
 * Symbolic links of a change set: only where the policy allows them, relative, to something that is
 * inside and there, through no other link; and no changed path goes through a link.
 */
final class LinkCheck {
  private final CheckRules rules;
  private final AfterTree after;

  LinkCheck(CheckRules rules, AfterTree after) {
    this.rules = rules;
    this.after = after;
  }

  void check(ChangeSet changeSet, Findings findings) {
    for (Change change : changeSet.changes()) {
      if (change.after().isPresent()) {
        through(change.path().parent())
            .ifPresent(link ->
                reject(
                    findings, change.path(), "path.through-link", "goes through the link " + link));
      }
      if (change.after().orElse(null) instanceof TreeEntry.Symlink link && !rules.structural()) {
        findings.add(
            "link.created",
            CheckRules.severity(rules.symlinks()),
            change.path(),
            0,
            "is a symbolic link to " + link.target());
        problem(change.path(), link.target())
            .ifPresent(problem -> reject(findings, change.path(), "link.target", problem));
      }
    }
  }

  private Optional<String> problem(RelativePath link, Bytes target) {
    String text = target.lossyText();
    if (target.length() == 0 || !target.isUtf8() || text.indexOf('\0') >= 0) {
      return Optional.of("has a target that is no path");
    }
    if (text.startsWith("/")) {
      return Optional.of("has an absolute target");
    }
    RelativePath at = link.parent();
    for (String part : text.split("/", -1)) {
      if (part.equals("..")) {
        if (at.isRoot()) {
          return Optional.of("points out of the workspace");
        }
        at = at.parent();
      } else if (!part.isEmpty() && !part.equals(".")) {
        if (after.isLink(at)) {
          return Optional.of("points through the link " + at);
        }
        Bytes name = Bytes.utf8(part);
        if (GitNames.meansGit(name)) {
          return Optional.of("points into .git");
        }
        at = at.resolve(name);
      }
    }
    if (at.isRoot()) {
      return Optional.empty();
    }
    if (after.entry(at).isEmpty()) {
      return Optional.of("points to nothing");
    }
    return after.isLink(at) ? Optional.of("points to another link") : Optional.empty();
  }

  private Optional<RelativePath> through(RelativePath directory) {
    for (RelativePath at = directory; !at.isRoot(); at = at.parent()) {
      if (after.isLink(at)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static void reject(Findings findings, RelativePath path, String rule, String why) {
    findings.add(rule, Severity.REJECT, path, 0, why);
  }
}
