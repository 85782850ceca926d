package dev.tars.runner.run;

import dev.tars.runner.decisions.Certainty;
import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.FileFacts;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeStats;
import java.util.HashMap;
import java.util.Map;

/** What the policy was asked on the way to a verdict, for the decision records. */
final class VerdictDecisions {
  private static final Map<String, String> CHECKS =
      Map.of(
          "unicode.bidi", "bidi",
          "unicode.invisible", "invisible",
          "secret.found", "secrets",
          "content.mismatch", "contentMismatch",
          "link.created", "symlinks");

  private final RecordedPolicy policy;

  VerdictDecisions(RecordedPolicy policy) {
    this.policy = policy;
  }

  /** Decides about a path of the change set. */
  Decision write(RelativePath path, FileOperation operation) {
    return policy.observed(new Request.Write(path, operation), Enforcer.CHANGE_SET);
  }

  /** Decides about what a written file is. */
  Decision file(FileFacts facts) {
    return policy.observed(new Request.File(facts), Enforcer.CHANGE_SET);
  }

  /** Adds what was decided about sizes, contents and gates. */
  void add(ChangeSet changeSet, ChangeStats stats, Verdict verdict) {
    limits(changeSet, stats);
    contents(changeSet, verdict);
    verdict.gates().stream()
        .filter(g -> g.result() != GateResult.Result.SKIPPED)
        .forEach(this::gate);
  }

  private void limits(ChangeSet changeSet, ChangeStats stats) {
    long files = 0;
    long largest = 0;
    long total = 0;
    long longest = 0;
    long deepest = 0;
    for (Change change : changeSet.changes()) {
      boolean directory =
          change.after().or(change::before).orElseThrow() instanceof TreeEntry.Directory;
      long size = change.after().orElse(null) instanceof TreeEntry.RegularFile f ? f.size() : 0;
      files += directory ? 0 : 1;
      largest = Math.max(largest, size);
      total += size;
      longest = Math.max(longest, change.path().bytes().length());
      deepest = Math.max(deepest, change.path().components().size());
    }
    limit("filesChanged", files);
    limit("linesAdded", stats.linesAdded());
    limit("linesRemoved", stats.linesRemoved());
    limit("fileSize", largest);
    limit("totalSize", total);
    limit("pathLength", longest);
    limit("depth", deepest);
  }

  private void limit(String name, long value) {
    var _ = policy.observed(new Request.Limit(name, value), Enforcer.CHANGE_SET);
  }

  private void contents(ChangeSet changeSet, Verdict verdict) {
    Map<String, RelativePath> paths = new HashMap<>();
    changeSet.changes().forEach(c -> paths.put(c.path().toString(), c.path()));
    for (Finding finding : verdict.findings()) {
      String check = CHECKS.get(finding.rule());
      RelativePath path = paths.get(finding.path());
      if (check != null && path != null) {
        var _ = policy.observed(new Request.Content(path, check), Enforcer.CHANGE_SET);
      }
    }
  }

  private void gate(GateResult result) {
    Effect found = result.passed() ? Effect.ALLOW : Effect.DENY;
    Decision decision = new Decider(policy.policy()).gate(result.id(), found, result.reason());
    var _ =
        policy
            .log()
            .add(
                new Request.Gate(result.id()),
                decision,
                new DecisionRecord.Made(Enforcer.CLEAN_ROOM, Certainty.OBSERVED, ""));
  }
}
