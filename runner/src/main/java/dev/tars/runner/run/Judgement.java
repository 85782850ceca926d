package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.State;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.expression.Facts;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.run.bench.RunFacts;
import dev.tars.runner.run.bench.Site;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.run.steps.CappedLog;
import dev.tars.runner.sandbox.EgressTable;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.validation.CleanRoom;
import dev.tars.runner.validation.ControlStage;
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
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeSet;
import dev.tars.runner.workspace.ChangeSets;
import dev.tars.runner.workspace.ChangeStats;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /**
   * A change on a tree.
   *
   * @param asks ids of approval rules that the plan's steps call for
   */
  record Case(Site site, ChangeSet changeSet, ChangeStats stats, List<String> asks) {
    Case {
      asks = List.copyOf(asks);
    }
  }

  /** The verdict of every gate of the policy, which is the context's from then on. */
  Verdict judge(Case one) {
    context.enter(State.Working.VALIDATING);
    EffectivePolicy policy = one.site().policy();
    VerdictDecisions decisions =
        new VerdictDecisions(new RecordedPolicy(policy, context.decisions()));
    ValidationRules rules =
        ValidationRules.of(policy, options.structural()).asking(decisions::write, decisions::file);
    Verdict verdict = validate(one, rules, options.validate());
    decisions.add(one.changeSet(), one.stats(), verdict);
    Sandbox.Isolation isolation = one.site().isolation();
    return publish(
        completed(verdict, policy, one.asks()),
        new TreeMap<>(isolation.facts()),
        isolation.missing());
  }

  /**
   * The verdict of static checks here and of gates that ran elsewhere under the same policy.
   *
   * @param elsewhere on the same change set
   */
  Verdict take(Case one, JudgedVerdict elsewhere) {
    context.enter(State.Working.VALIDATING);
    EffectivePolicy policy = one.site().policy();
    VerdictDecisions decisions =
        new VerdictDecisions(new RecordedPolicy(policy, context.decisions()));
    ValidationRules rules =
        ValidationRules.of(policy, false).asking(decisions::write, decisions::file);
    Verdict here = validate(one, rules, false);
    Verdict merged = here.withGates(elsewhere.verdict());
    decisions.add(one.changeSet(), one.stats(), merged);
    return publish(
        completed(merged, policy, one.asks()), elsewhere.isolation(), elsewhere.missing());
  }

  /**
   * The verdict of some gates of the policy, for the after-check; the context's stays as it is.
   *
   * @param changes on top of a tree; none where they are in it already
   */
  Verdict check(Site site, List<Change> changes, List<Gate> gates) {
    ChangeSet changeSet = new ChangeSet(site.tree().digest(), changes, List.of(), List.of());
    return validate(
        new Case(site, changeSet, new ChangeStats(0, 0, 0, 0), List.of()),
        ValidationRules.of(site.policy(), options.structural()).with(gates),
        true);
  }

  private Verdict validate(Case one, ValidationRules rules, boolean run) {
    ChangeSet changeSet = one.changeSet();
    Set<RelativePath> named =
        changeSet.changes().stream().map(Change::path).collect(Collectors.toSet());
    ValidationRequest request =
        new ValidationRequest(
            changeSet,
            ChangeSets.digest(changeSet),
            one.stats().linesAdded(),
            one.stats().linesRemoved(),
            new StoredContents(one.site().tree(), bench.layout().objects()),
            rules,
            run);
    try (RunNetwork network =
        RunNetwork.open(bench, context, one.site().policy(), NetworkPhase.VALIDATE)) {
      return validator(one.site(), named, network.sandbox()).validate(request);
    }
  }

  private Validator validator(Site site, Set<RelativePath> named, Sandbox sandbox) {
    LayeredCleanRoom room =
        new LayeredCleanRoom(
            new LayeredCleanRoom.Place(
                bench.layout(),
                context.dir().path(),
                site.tree(),
                Stages.scope(site.policy(), named),
                site.image().uid(),
                site.image().gid()),
            box(site, sandbox));
    return new Validator(
        room,
        new StoredBeforeResults(bench.layout(), circumstances(site)),
        (gate, request, before) -> gate.cel().holds(facts(site.policy(), request, before)),
        progress());
  }

  private Facts facts(EffectivePolicy policy, ValidationRequest request, List<GateResult> before) {
    return new Facts()
        .actor(RunFacts.actor(context.user(), policy))
        .run(() -> RunFacts.run(context))
        .change(() -> RunFacts.change(request.changeSet(), bench.layout().objects()))
        .gates(RunFacts.gates(before))
        .tests(RunFacts.tests(before));
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
        ControlStage.findings(verdict, policy),
        new ArrayList<>(merged));
  }

  private Verdict publish(
      Verdict verdict, SortedMap<String, String> isolation, List<String> missing) {
    JudgedVerdict judged = ContextCodec.judged(verdict, isolation, missing);
    context.judged(judged);
    ObjectNode record = CanonicalJson.object().put("context", context.id().text());
    record.put("changeSet", verdict.changeSet().toString());
    record.put("result", verdict.result().name().toLowerCase(java.util.Locale.ROOT));
    record.put("verdict", Digest.of(ContextCodec.verdictFile(judged)).toString());
    bench.audit().get().appendLazily("verdict", record);
    return verdict;
  }

  private SandboxBox box(Site site, Sandbox sandbox) {
    EffectivePolicy policy = site.policy();
    return new SandboxBox(
        sandbox,
        new SandboxBox.Setting(
            site.image(),
            policy.resources(),
            policy.environmentSet(),
            context.id().text(),
            site.caches()),
        job -> log(job, policy.resources().output().bytes()),
        cancelled);
  }

  private OutputSink log(CleanRoom.Job job, long cap) {
    return new CappedLog(context.dir().append(GateEvidence.log(job.gate(), job.phase())), cap);
  }

  private ObjectNode circumstances(Site site) {
    ObjectNode node = CanonicalJson.object();
    node.put("tree", site.tree().digest().toString());
    node.put("image", site.image().id());
    node.put("limits", site.policy().resources().line());
    site.policy().environmentSet().forEach(node.putObject("environment")::put);
    node.put("caches", site.caches().identity());
    if (site.policy().network().opens(NetworkPhase.VALIDATE)) {
      EgressTable table = EgressTable.of(site.policy(), NetworkPhase.VALIDATE);
      node.set("network", table.json());
    }
    return node;
  }

  private ValidationProgress progress() {
    GateEvidence evidence = new GateEvidence(context.dir());
    return new ValidationProgress() {
      @Override
      public void started(String gate, String phase) {
        context.event(new ContextEvent.GateStarted(gate, phase));
      }

      @Override
      public void ran(String gate, String phase, GateRun run) {
        evidence.write(gate, phase, run);
      }

      @Override
      public void ended(GateResult result) {
        context.event(
            new ContextEvent.GateEnded(
                result.id(), result.result(), result.elapsed(), result.told()));
      }
    };
  }
}
