package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.CleanRoom;
import dev.tars.runner.validation.GateEvidence;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.GateRun;
import dev.tars.runner.validation.LayeredCleanRoom;
import dev.tars.runner.validation.SandboxBox;
import dev.tars.runner.validation.StoredBeforeResults;
import dev.tars.runner.validation.StoredContents;
import dev.tars.runner.validation.ValidationProgress;
import dev.tars.runner.validation.ValidationRequest;
import dev.tars.runner.validation.ValidationRules;
import dev.tars.runner.validation.Validator;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictJson;
import dev.tars.runner.validation.checks.CheckRules;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** The stage from a change set to its verdict: wires the clean room to this run. */
final class Judgement {
  private final Workbench bench;
  private final RunContext context;
  private final RunOptions options;
  private final BooleanSupplier cancelled;

  Judgement(Workbench bench, RunContext context, RunOptions options, BooleanSupplier cancelled) {
    this.bench = bench;
    this.context = context;
    this.options = options;
    this.cancelled = cancelled;
  }

  Verdict judge(Stages.Frozen frozen, Stages.Changed changed) {
    context.enter(ContextState.VALIDATING);
    EffectivePolicy policy = frozen.policy();
    ChangeSet changeSet = changed.changeSet();
    Set<dev.tars.runner.model.RelativePath> all =
        changeSet.changes().stream().map(c -> c.path()).collect(Collectors.toSet());
    LayeredCleanRoom room =
        new LayeredCleanRoom(
            new LayeredCleanRoom.Place(
                bench.layout(),
                context.dir().path(),
                frozen.baseline(),
                Stages.scope(policy, all),
                frozen.image().uid(),
                frozen.image().gid()),
            box(frozen));
    Validator validator =
        new Validator(
            room,
            new StoredBeforeResults(bench.layout(), circumstances(frozen)),
            (gate, request) -> {
              throw new UnsupportedOperationException("expression gates are refused at load");
            },
            progress());
    Verdict verdict =
        validator.validate(
            new ValidationRequest(
                changeSet,
                ChangeSets.digest(changeSet),
                changed.stats().linesAdded(),
                changed.stats().linesRemoved(),
                new StoredContents(frozen.baseline(), bench.layout().objects()),
                new ValidationRules(
                    policy.gates(), policy.changeLimits(), checks(policy), policy::write),
                options.validate()));
    return publish(completed(verdict, policy, frozen.asks()), frozen.isolation());
  }

  /** Gates of the workspace's own layer add checks, but what proves a change is said outside it. */
  private static Verdict completed(Verdict verdict, EffectivePolicy policy, List<String> asks) {
    Set<String> merged = new TreeSet<>(verdict.asks());
    merged.addAll(asks);
    boolean unproven = verdict.result() == Verdict.Result.PASSED && !policy.verifies();
    return new Verdict(
        unproven ? Verdict.Result.UNVERIFIED : verdict.result(),
        verdict.changeSet(),
        verdict.gates(),
        verdict.findings(),
        new ArrayList<>(merged));
  }

  private Verdict publish(Verdict verdict, Sandbox.Isolation isolation) {
    ObjectNode json = VerdictJson.write(verdict);
    ObjectNode walls = json.putObject("isolation");
    ObjectNode facts = walls.putObject("facts");
    isolation.facts().forEach(facts::put);
    isolation.missing().forEach(walls.putArray("missing")::add);
    context.dir().write("verdict.json", Bytes.utf8(json.toString()).toArray());
    context.edit().set("verdict", json);
    context.save();
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("changeSet", verdict.changeSet().toString());
    record.put("result", verdict.result().name().toLowerCase(java.util.Locale.ROOT));
    record.put("verdict", Digest.of(Bytes.utf8(json.toString()).toArray()).toString());
    bench.audit().get().appendLazily("verdict", record);
    return verdict;
  }

  private SandboxBox box(Stages.Frozen frozen) {
    EffectivePolicy policy = frozen.policy();
    return new SandboxBox(
        bench.sandbox().get(),
        new SandboxBox.Setting(
            frozen.image(),
            policy.resources(),
            policy.environmentSet(),
            context.id().text(),
            frozen.caches()),
        job -> log(job, policy.resources().output().bytes()),
        cancelled);
  }

  private OutputSink log(CleanRoom.Job job, long cap) {
    return new CappedLog(context.dir().append(GateEvidence.log(job.gate(), job.phase())), cap);
  }

  private ObjectNode circumstances(Stages.Frozen frozen) {
    ObjectNode node = CanonicalJson.object();
    node.put("tree", frozen.baseline().digest().toString());
    node.put("image", frozen.image().id());
    node.put("limits", frozen.policy().resources().toString());
    node.put("environment", new java.util.TreeMap<>(frozen.policy().environmentSet()).toString());
    node.put("caches", frozen.caches().identity());
    return node;
  }

  private CheckRules checks(EffectivePolicy policy) {
    CheckRules standard = CheckRules.standard(policy.testIntegrity());
    return new CheckRules(
        policy.testIntegrity(),
        policy.effect("bidi").orElse(standard.bidi()),
        policy.effect("invisible").orElse(standard.invisible()),
        policy.effect("secrets").orElse(standard.secrets()),
        policy.effect("contentMismatch").orElse(standard.mismatch()),
        policy.effect("symlinks").orElse(standard.symlinks()),
        options.structural());
  }

  private ValidationProgress progress() {
    GateEvidence evidence = new GateEvidence(context.dir());
    return new ValidationProgress() {
      @Override
      public void started(String gate, String phase) {
        context.event(
            "gate-started",
            JsonNodeFactory.instance.objectNode().put("gate", gate).put("phase", phase));
      }

      @Override
      public void ran(String gate, String phase, GateRun run) {
        evidence.write(gate, phase, run);
      }

      @Override
      public void ended(GateResult result) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("gate", result.id());
        event.put("result", result.result().name().toLowerCase(java.util.Locale.ROOT));
        event.put("millis", result.elapsed().toMillis());
        if (!result.reason().isEmpty()) {
          event.put("reason", result.reason());
        }
        context.event("gate", event);
      }
    };
  }
}
