package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.run.bench.Site;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.ChangeStats;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * {@code onDrift: revalidate}: the workspace moved since the run, but not where the change is. The
 * change is put on the workspace as it is now and every gate runs again; what came out before, and
 * who approved it, is about another tree and counts for nothing.
 */
final class Revalidation {
  private final Workbench bench;
  private final RunContext context;
  private final EffectivePolicy policy;
  private final BooleanSupplier cancelled;

  Revalidation(
      Workbench bench, RunContext context, EffectivePolicy policy, BooleanSupplier cancelled) {
    this.bench = bench;
    this.context = context;
    this.policy = policy;
    this.cancelled = cancelled;
  }

  /**
   * Judges again, and records what the policy is asked on the way.
   *
   * @param stale why the promotion stopped
   * @param image the one that the change was judged in
   * @throws dev.tars.runner.model.RunnerException STALE if the workspace moved where the change is,
   *     or did not move at all
   */
  Verdict run(List<PathConflict> stale, Sandbox.ImageFacts image) {
    try (RecordedDecisions _ = new RecordedDecisions(bench, context, policy)) {
      PathRules recorded = new RecordedPolicy(policy, context.decisions()).paths(Enforcer.BASELINE);
      ChangeSet old = new Contexts(bench.layout()).changeSet(context.dir());
      Baseline base =
          bench.baselines().get().capture(bench.workspaceDir(), recorded, image.uid(), image.gid());
      if (base.digest().equals(old.baseDigest())) {
        throw Refusals.stale(stale); // it is something else that is in the way
      }
      List<PathConflict> overlap = overlap(old, base);
      if (!overlap.isEmpty()) {
        throw Refusals.stale(overlap);
      }
      ChangeSet moved = new ChangeSet(base.digest(), old.changes(), old.dropped(), old.findings());
      List<String> asks =
          context.record().evidence().verdict().map(v -> v.verdict().asks()).orElse(List.of());
      publish(old, moved, stale.size());
      return new Judgement(bench, context, options(), cancelled)
          .judge(
              new Judgement.Case(
                  Site.on(base, image, policy, context, bench),
                  moved,
                  ChangeStats.of(moved, bench.layout().objects()),
                  asks));
    }
  }

  /** As the run was asked for. */
  private RunOptions options() {
    return new RunOptions(
        Optional.empty(),
        false,
        true,
        context.origin().options().validate(),
        true,
        context.origin().options().structural(),
        false,
        RunOptions.DEFAULT.lockWait());
  }

  /** Where the new tree is not what the change was made for. */
  static List<PathConflict> overlap(ChangeSet changes, Baseline base) {
    List<PathConflict> found = new ArrayList<>();
    Set<RelativePath> named = new HashSet<>();
    changes.changes().forEach(c -> named.add(c.path()));
    for (Change change : changes.changes()) {
      Optional<TreeEntry> now = base.entry(change.path());
      if (!now.equals(change.before())) {
        found.add(conflict(change, now, "it moved since the run, and the change is about it"));
      } else if (!parentStands(change, base, named)) {
        found.add(conflict(change, now, "the directory it is in is gone"));
      } else if (change.before().orElse(null) instanceof TreeEntry.Directory
          && !(change.after().orElse(null) instanceof TreeEntry.Directory)) {
        base.below(change.path()).stream()
            .filter(p -> !named.contains(p))
            .forEach(p -> found.add(conflict(change, now, p + " came into it since")));
      }
    }
    return found;
  }

  private static boolean parentStands(Change change, Baseline base, Set<RelativePath> named) {
    RelativePath parent = change.path().parent();
    return change.after().isEmpty()
        || parent.isRoot()
        || named.contains(parent)
        || base.entry(parent).orElse(null) instanceof TreeEntry.Directory;
  }

  private static PathConflict conflict(Change change, Optional<TreeEntry> now, String why) {
    return new PathConflict(change.path(), change.before(), now, change.after(), why);
  }

  private void publish(ChangeSet old, ChangeSet moved, int paths) {
    Digest digest = ChangeSets.digest(moved);
    context.note(
        "the workspace moved since the run, at "
            + paths
            + " paths that the change is not about: it is judged again on it");
    Evidence.ChangeSummary was = context.record().evidence().changes().orElseThrow();
    context.base(moved.baseDigest());
    context.changed(
        new Evidence.ChangeSummary(digest, was.files(), was.linesAdded(), was.linesRemoved()));
    context.approvals(Optional.empty());
    Bytes document = Bytes.utf8(ChangeSets.toJson(moved).toString());
    context.dir().write(ContextFiles.CHANGE_SET, document.toArray());
    context.save();
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("from", old.baseDigest().toString()).put("base", moved.baseDigest().toString());
    bench.audit().get().append("revalidated", record.put("changeSet", digest.toString()));
  }
}
