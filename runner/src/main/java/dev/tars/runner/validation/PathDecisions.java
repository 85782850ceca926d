package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.validation.ValidationRules.WriteRules;
import dev.tars.runner.validation.checks.Findings;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the policy says to each path of a change set: a finding for each no, an ask for a person.
 */
final class PathDecisions {
  private final Set<String> asks = new TreeSet<>();

  /** Adds a finding for each path that is denied or asked for. */
  void decide(ChangeSet changeSet, WriteRules rules, Findings findings) {
    Set<RelativePath> parents = new HashSet<>();
    changeSet.changes().stream()
        .filter(change -> !isDirectory(change))
        .forEach(change -> {
          for (RelativePath p = change.path().parent(); !p.isRoot(); p = p.parent()) {
            if (!parents.add(p)) {
              return;
            }
          }
        });
    for (Change change : changeSet.changes()) {
      // A directory that only comes or goes with what is in it is decided there.
      if (!isDirectory(change) || !parents.contains(change.path())) {
        one(change, rules.write(change.path(), change.operation()), findings);
      }
    }
  }

  /** Ids of the approval rules that were called for; the empty string stands for any approver. */
  List<String> asks() {
    return List.copyOf(asks);
  }

  private void one(Change change, Decision decision, Findings findings) {
    switch (decision.effect()) {
      case ALLOW -> {}
      case ASK -> {
        asks.addAll(decision.approvals().isEmpty() ? List.of("") : decision.approvals());
        findings.add("policy.ask", Severity.REVIEW, change.path(), 0, sentence(change, decision));
      }
      case DENY ->
          findings.add(
              "policy.denied", Severity.REJECT, change.path(), 0, sentence(change, decision));
    }
  }

  private static Told sentence(Change change, Decision decision) {
    String what = change.operation().name().toLowerCase(java.util.Locale.ROOT);
    String verb = decision.denied() ? " is denied by " : " needs an approval by ";
    return decision.deciding().told().after("to " + what + " it" + verb);
  }

  /** Comes, or goes, as a directory: nothing else stood or stands there. */
  private static boolean isDirectory(Change change) {
    return change.before().map(TreeEntry.Directory.class::isInstance).orElse(true)
        && change.after().map(TreeEntry.Directory.class::isInstance).orElse(true)
        && (change.before().isEmpty() || change.after().isEmpty());
  }
}
