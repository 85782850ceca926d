package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.decisions.Enforcer;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.run.bench.RunFacts;
import dev.tars.runner.run.bench.Site;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.steps.Admission;
import dev.tars.runner.run.steps.Backups;
import dev.tars.runner.run.steps.CommandRunner;
import dev.tars.runner.run.steps.LayerEdits;
import dev.tars.runner.run.steps.Notices;
import dev.tars.runner.run.steps.Stage;
import dev.tars.runner.run.steps.StepActions;
import dev.tars.runner.run.steps.StepEngine;
import dev.tars.runner.run.steps.StepFacts;
import dev.tars.runner.run.steps.StepResult;
import dev.tars.runner.run.steps.StepUndo;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.validation.SandboxBox;
import dev.tars.runner.workspace.Baseline;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSetReader;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.ChangeStats;
import dev.tars.runner.workspace.Layer;
import dev.tars.runner.workspace.LayerWriter;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The stages of one run up to the change set, each a function of the one before. They leave their
 * evidence in the context; they promote nothing.
 */
final class Stages {
  private final Workbench bench;
  private final RunContext context;
  private final RunOptions options;
  private final BooleanSupplier cancelled;

  Stages(Workbench bench, RunContext context, RunOptions options, BooleanSupplier cancelled) {
    this.bench = bench;
    this.context = context;
    this.options = options;
    this.cancelled = cancelled;
  }

  /**
   * What nothing after it may change.
   *
   * @param asks ids of approval rules that the plan's own steps call for
   */
  record Frozen(Plan plan, Site site, List<String> asks) {
    Frozen {
      asks = List.copyOf(asks);
    }
  }

  /** What the plan's steps did. */
  record Changed(StepEngine.PlanResult plan, ChangeSet changeSet, ChangeStats stats) {}

  Frozen freeze(Plan plan, EffectivePolicy policy) {
    context.enter(State.Working.STAGING);
    Sandbox.ImageFacts image = bench.sandbox().get().image(policy.image());
    context.image(image.id());
    Baseline baseline =
        bench
            .baselines()
            .get()
            .capture(
                bench.workspaceDir(),
                recorded(policy).paths(Enforcer.BASELINE),
                image.uid(),
                image.gid());
    context.base(baseline.digest());
    plan.baseTree()
        .filter(wanted -> !wanted.equals(baseline.digest()))
        .ifPresent(wanted -> {
          throw RunnerException.of(
                  FailureCode.STALE, "the plan was made for another tree than the workspace is")
              .at(plan.file())
              .note("base.tree is " + wanted)
              .note("the workspace is " + baseline.digest())
              .help("make the improvement again for the workspace as it is");
        });
    List<String> asks =
        new Admission(recorded(policy), path -> baseline.entry(path).isPresent()).admit(plan);
    return new Frozen(plan, Site.on(baseline, image, policy, context, bench), asks);
  }

  private RecordedPolicy recorded(EffectivePolicy policy) {
    return new RecordedPolicy(policy, context.decisions());
  }

  /**
   * Runs the steps.
   *
   * @param sandbox runs their boxes, with the network that the policy allows them
   */
  Changed execute(Frozen frozen, Sandbox sandbox) {
    context.enter(State.Working.RUNNING);
    Layer layer =
        Layer.create(
            bench.layout().disk(),
            context.dir().path().resolve("layer"),
            frozen.site().tree(),
            frozen.site().image().uid(),
            frozen.site().image().gid());
    boolean failed = true;
    try {
      Changed changed = execute(frozen, layer, sandbox);
      failed = changed.plan().failure().isPresent();
      return changed;
    } finally {
      if (failed && options.keepLayer()) {
        context.layerKept(layer.upper().toString());
      } else {
        layer.discard(bench.sandbox().get()::emptyWork);
      }
    }
  }

  private Changed execute(Frozen frozen, Layer layer, Sandbox sandbox) {
    try (SandboxBox.Fresh caches = frozen.site().caches().fresh()) {
      SandboxSpecs.Room room =
          new SandboxSpecs.Room(
              frozen.site().image(),
              layer,
              caches.mounts(),
              frozen.site().policy().resources(),
              frozen.site().policy().environmentSet());
      Stage stage =
          new Stage(
              context.id().text(),
              room,
              new LayerWriter(bench.layout().disk(), layer),
              context.clock().instant().plus(frozen.site().policy().resources().wallClock()),
              context.clock());
      CommandRunner commands = new CommandRunner(context, sandbox, cancelled);
      StepEngine.PlanResult result = engine(frozen, stage, commands).run(frozen.plan());
      context.steps(result.steps().stream().map(StepResult::kept).toList());
      if (result.failure().isPresent()) {
        ChangeSet nothing =
            new ChangeSet(frozen.site().tree().digest(), List.of(), List.of(), List.of());
        return new Changed(result, nothing, new ChangeStats(0, 0, 0, 0));
      }
      return read(frozen, layer, result);
    }
  }

  private StepEngine engine(Frozen frozen, Stage stage, CommandRunner commands) {
    EffectivePolicy policy = frozen.site().policy();
    Layer layer = stage.room().layer();
    LayerEdits edits = new LayerEdits(stage.writer());
    Backups backups = new Backups(bench.layout().objects());
    StepUndo undo = new StepUndo(frozen.plan(), layer, edits, backups);
    StepFacts facts =
        new StepFacts(
            RunFacts.actor(bench.user(), policy),
            options.dryRun(),
            () -> {
              edits.flush();
              return RunFacts.change(
                  ChangeSetReader.read(bench.layout(), layer, scope(policy, edits.named())),
                  bench.layout().objects());
            });
    StepActions.Parts parts =
        new StepActions.Parts(
            edits,
            backups,
            new Notices(bench, context, policy.channels(), options.dryRun()),
            policy.handlers(),
            undo);
    return new StepEngine(context, new StepActions(stage, commands, facts, parts), undo);
  }

  private Changed read(Frozen frozen, Layer layer, StepEngine.PlanResult result) {
    ChangeSet changeSet =
        ChangeSetReader.read(
            bench.layout(),
            layer,
            new ChangeSetReader.Scope(
                recorded(frozen.site().policy()).paths(Enforcer.CHANGE_SET),
                frozen.site().policy().changeLimits(),
                result.named()));
    ChangeStats stats = ChangeStats.of(changeSet, bench.layout().objects());
    record(changeSet, stats, context, bench);
    return new Changed(result, changeSet, stats);
  }

  /** Puts a change set into the context, and its digest on record. */
  static void record(ChangeSet changeSet, ChangeStats stats, RunContext context, Workbench bench) {
    Digest digest = ChangeSets.digest(changeSet);
    context.changed(
        new Evidence.ChangeSummary(
            digest, stats.files(), stats.linesAdded(), stats.linesRemoved()));
    Bytes document = Bytes.utf8(ChangeSets.toJson(changeSet).toString());
    context.dir().write(ContextFiles.CHANGE_SET, document.toArray());
    context.save();
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("changeSet", digest.toString());
    record.put("base", changeSet.baseDigest().toString());
    record.put("steps", ContextCodec.stepsDigest(context.record()));
    bench.audit().get().appendLazily("change-set", record);
  }

  static ChangeSetReader.Scope scope(EffectivePolicy policy, Set<RelativePath> named) {
    return new ChangeSetReader.Scope(policy, policy.changeLimits(), named);
  }
}
