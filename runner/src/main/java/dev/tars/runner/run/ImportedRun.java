package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.bundle.Bundle;
import dev.tars.runner.bundle.BundleFile;
import dev.tars.runner.bundle.BundleLimits;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.context.State;
import dev.tars.runner.context.Telling;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PromotionRules;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.run.bench.Site;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.ChangeStats;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * {@code execute import}: a change whose steps ran on another machine, judged and promoted by the
 * policy of this one. What the bundle says is a claim; what counts is the change put on this
 * workspace's own tree and read back by this policy's rules.
 */
public final class ImportedRun {
  private static final int MOST_PATHS = 20;

  private final Workbench bench;
  private final RunOptions options;
  private final Cancellation cancellation;

  public ImportedRun(Workbench bench, RunOptions options, Cancellation cancellation) {
    this.bench = bench;
    this.options = options;
    this.cancellation = cancellation;
  }

  /**
   * A bundle that was checked as far as that is possible without a box.
   *
   * @param other what is another one here than there, so that the gates run again; empty if they
   *     are taken as they are
   */
  private record Arrived(Bundle bundle, EffectivePolicy policy, Optional<String> other) {}

  /**
   * Checks a bundle, then makes a context of it and follows its verdict.
   *
   * @throws RunnerException INTEGRITY if it is not believed; nothing was kept then
   */
  public Ended run(Path path, EffectivePolicy loaded, RunContext.EventListener listener) {
    BundleFile file = new BundleFile(path, loaded.trust().keys(), BundleLimits.of(loaded));
    Bundle bundle = file.check();
    EffectivePolicy policy =
        loaded.narrowedBy(bundle.context().origin().improvement().permissions());
    SharedState.require(bench, policy, options);
    bench.audit().get().alsoRedact(policy.audit()::redacted);
    new BundleReplay(bench).require(bundle);
    Arrived arrived = new Arrived(bundle, policy, other(bundle, policy));
    ContextDir dir = bench.layout().newContext();
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      new BundleCopy(bench.layout(), dir, arrived.other().isEmpty()).keep(file, bundle);
      dir.write("policy.json", CanonicalJson.bytes(policy.canonical()));
      RunContext context = RunContext.create(dir, origin(dir, arrived), bench.clock(), listener);
      onRecord(context, arrived);
      return new Execution(bench, options, cancellation)
          .ending(context, () -> stages(arrived, context));
    }
  }

  private void onRecord(RunContext context, Arrived arrived) {
    Origin origin = context.origin();
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("improvement", origin.improvement().id());
    record.put("plan", origin.improvement().plan().toString());
    record.put("policy", arrived.policy().digest().toString()).put("user", bench.user());
    record.put("options", ContextCodec.options(context.record()));
    bench.audit().get().append("run", record);
    ObjectNode from = CanonicalJson.object().put("context", context.id().text());
    from.put("bundle", arrived.bundle().digest().toString()).put("key", arrived.bundle().key());
    from.put("from", arrived.bundle().context().id().text());
    from.put("changeSet", arrived.bundle().judged().verdict().verdict().changeSet().toString());
    bench.audit().get().append(BundleReplay.IMPORT, from);
  }

  private Origin origin(ContextDir dir, Arrived arrived) {
    ContextRecord there = arrived.bundle().context();
    EffectivePolicy policy = arrived.policy();
    return new Origin(
        dir.id(),
        there.origin().improvement(),
        new Origin.Place(bench.workspace().toString(), bench.user()),
        new Origin.Options(
            options.policy().map(bench.policies()::absolute).orElse(""),
            options.dryRun(),
            false,
            true,
            options.autoRollback(),
            true),
        new Origin.PolicyTerms(
            policy.digest(),
            Telling.keep(policy),
            policy.evidence().reports().stream().sorted().toList()),
        bench.clock().instant(),
        Optional.of(
            new Origin.Imported(
                arrived.bundle().digest(),
                arrived.bundle().key(),
                there.id(),
                there.origin().place().user(),
                there.origin().createdAt(),
                arrived.other().isEmpty())));
  }

  private void stages(Arrived arrived, RunContext context) {
    BooleanSupplier cancelled = cancellation.watch(context.dir());
    Execution.Judged judged;
    try (RecordedDecisions _ = new RecordedDecisions(bench, context, arrived.policy())) {
      judged = judge(arrived, context, cancelled);
    }
    new Execution(bench, options, cancellation)
        .conclude(judged, arrived.policy(), context, cancelled);
  }

  private Execution.Judged judge(Arrived arrived, RunContext context, BooleanSupplier cancelled) {
    Bundle bundle = arrived.bundle();
    EffectivePolicy policy = arrived.policy();
    context.enter(State.Working.STAGING);
    Sandbox.ImageFacts image = bench.sandbox().get().image(policy.image());
    context.image(image.id());
    RecordedPolicy recorded = new RecordedPolicy(policy, context.decisions());
    Baseline tree =
        bench
            .baselines()
            .get()
            .capture(
                bench.workspaceDir(), recorded.paths(Enforcer.BASELINE), image.uid(), image.gid());
    context.base(tree.digest());
    context.steps(bundle.context().evidence().steps());
    requireBase(bundle.judged().changeSet(), tree, policy);
    Refusals.requireGoingOn(cancelled);
    Site site = Site.on(tree, image, policy, context, bench);
    ChangeSet changes = readBack(bundle.judged().changeSet(), site, context, recorded);
    ChangeStats stats = ChangeStats.of(changes, bench.layout().objects());
    Stages.record(changes, stats, context, bench);
    List<String> asks = bundle.judged().verdict().verdict().asks();
    Judgement judgement = new Judgement(bench, context, options, cancelled);
    Judgement.Case one = new Judgement.Case(site, changes, stats, asks);
    if (arrived.other().isPresent()) {
      context.note(arrived.other().get() + ", so the gates run again");
      return new Execution.Judged(image, changes, judgement.judge(one));
    }
    if (!tree.digest().equals(bundle.judged().changeSet().baseDigest())) {
      throw Refusals.stale(List.of()); // it moved since it was compared
    }
    context.note("the gates passed where the bundle comes from; the policy takes them as they are");
    Verdict verdict = judgement.take(one, bundle.judged().verdict());
    return new Execution.Judged(image, changes, verdict);
  }

  /** The tree that the change was made on, or one that the policy lets it follow to. */
  private static void requireBase(ChangeSet changes, Baseline tree, EffectivePolicy policy) {
    boolean same = tree.digest().equals(changes.baseDigest());
    if (!same && policy.promotion().onDrift() != PromotionRules.OnDrift.REVALIDATE) {
      throw RunnerException.of(
              FailureCode.STALE, "the bundle is about another tree than the workspace is")
          .note("it was made on " + changes.baseDigest())
          .note("the workspace is " + tree.digest())
          .note("nothing was changed in the workspace")
          .help(
              "check out what it was made on, or let the policy judge it on this tree:"
                  + " promotion.onDrift: revalidate");
    }
    List<PathConflict> overlap = Revalidation.overlap(changes, tree);
    if (!overlap.isEmpty()) {
      throw Refusals.stale(overlap);
    }
  }

  /** The same change as this machine reads it: on its own tree, by its own rules. */
  private ChangeSet readBack(
      ChangeSet wanted, Site site, RunContext context, RecordedPolicy recorded) {
    Layer layer =
        Layer.create(
            bench.layout().disk(),
            context.dir().path().resolve("layer"),
            site.tree(),
            site.image().uid(),
            site.image().gid());
    try {
      new LayerWriter(bench.layout().disk(), layer).apply(wanted, bench.layout().objects());
      ChangeSet found =
          ChangeSetReader.read(
              bench.layout(),
              layer,
              new ChangeSetReader.Scope(
                  recorded.paths(Enforcer.CHANGE_SET),
                  site.policy().changeLimits(),
                  wanted.changes().stream().map(Change::path).collect(Collectors.toSet())));
      requireWhole(wanted, found);
      return found;
    } finally {
      layer.discard(bench.sandbox().get()::emptyWork);
    }
  }

  private static void requireWhole(ChangeSet wanted, ChangeSet found) {
    Set<Change> missing = new HashSet<>(wanted.changes());
    found.changes().forEach(missing::remove);
    if (missing.isEmpty() && found.changes().size() == wanted.changes().size()) {
      return;
    }
    RunnerException.Builder error =
        RunnerException.of(
            FailureCode.CHANGE_REFUSED, "the policy here does not take the change as it is");
    missing.stream()
        .map(change -> change.path().toString())
        .sorted()
        .limit(MOST_PATHS)
        .forEach(path -> error.note("not as it was made: " + Escape.line(path)));
    throw error
        .note("nothing was changed in the workspace")
        .help("see what the rules say with `tarscli policy explain`");
  }

  /** The gates there were these gates only under this policy, in this image and on this tree. */
  private Optional<String> other(Bundle bundle, EffectivePolicy policy) {
    if (!policy.trust().takesGates()) {
      return Optional.of("the policy takes no gate on trust");
    }
    if (!policy.digest().equals(bundle.context().origin().policy().digest())) {
      return Optional.of("the policy is another one here");
    }
    Sandbox.ImageFacts image = bench.sandbox().get().image(policy.image());
    if (!bundle.context().evidence().image().equals(Optional.of(image.id()))) {
      return Optional.of("the image is another one here");
    }
    Baseline tree =
        bench.baselines().get().capture(bench.workspaceDir(), policy, image.uid(), image.gid());
    return tree.digest().equals(bundle.judged().changeSet().baseDigest())
        ? Optional.empty()
        : Optional.of("the workspace is another tree");
  }
}
