package dev.tars.runner.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All layers of policy for one run, frozen. Each layer decides alone and the strictest wins, so an
 * inner layer can only narrow; no order and no specificity is ever looked at.
 */
public final class EffectivePolicy implements PathRules {
  /** The sandbox image where no policy names one. */
  public static final String DEFAULT_IMAGE = "tars-sandbox:default";

  private static final Optional<PromotionRules.RequireBase> PATHS =
      Optional.of(PromotionRules.RequireBase.PATHS);
  private static final Optional<PromotionRules.OnDrift> REVALIDATE =
      Optional.of(PromotionRules.OnDrift.REVALIDATE);

  private final List<PolicyLayer> layers;
  private final Optional<PlanPermissions> plan;
  private final Numbers numbers;
  private final List<Indexes> indexes;

  EffectivePolicy(List<PolicyLayer> layers, Numbers numbers) {
    this(layers, Optional.empty(), numbers, layers.stream().map(Indexes::of).toList());
  }

  private EffectivePolicy(
      List<PolicyLayer> layers,
      Optional<PlanPermissions> plan,
      Numbers numbers,
      List<Indexes> indexes) {
    this.layers = List.copyOf(layers);
    this.plan = plan;
    this.numbers = numbers;
    this.indexes = List.copyOf(indexes);
  }

  /** This policy with what a plan says it needs as the innermost layer. */
  public EffectivePolicy narrowedBy(PlanPermissions permissions) {
    return new EffectivePolicy(
        layers, Optional.of(permissions), numbers.narrowedBy(permissions), indexes);
  }

  // ---- identity

  /** SHA-256 of the canonical form: what verdicts, approvals and transactions name. */
  public Digest digest() {
    return CanonicalJson.digest(canonical());
  }

  /** Everything that was read, layer by layer, without comments and layout. */
  public ObjectNode canonical() {
    ObjectNode node = CanonicalJson.object().put("schema", "tars.policy/v1");
    ArrayNode all = node.putArray("layers");
    for (PolicyLayer layer : layers) {
      ObjectNode one = all.addObject().put("name", layer.name);
      ArrayNode documents = one.putArray("documents");
      layer.documents.forEach(documents::add);
    }
    plan.ifPresent(p -> node.put("plan", p.canonical()));
    return node;
  }

  /** Names of the layers, the outermost first. */
  public List<String> layers() {
    return layers.stream().map(l -> l.name).toList();
  }

  // ---- decisions

  /** Whether a change set may do this to a path. */
  public Decision write(RelativePath path, FileOperation operation) {
    Votes votes = new Votes();
    HardLimits.write(path).ifPresent(votes::add);
    PathSubject subject = PathSubject.of(path);
    for (int i = 0; i < layers.size(); i++) {
      PolicyLayer layer = layers.get(i);
      if (!layer.decidesWrites) {
        continue;
      }
      boolean matched = false;
      for (PathRule rule : indexes.get(i).write.matching(subject)) {
        if (rule.operations().contains(operation)) {
          votes.add(rule.match(), rule.approval());
          matched = true;
        }
      }
      if (!matched) {
        votes.addDefault("filesystem.default", layer.name, "no rule allows it");
      }
    }
    plan.flatMap(PlanPermissions::write)
        .ifPresent(globs ->
            votes.addPlan(
                "permissions.write",
                plan.orElseThrow().at(),
                globs.stream().anyMatch(g -> g.matches(path))));
    return votes.decision("filesystem.default");
  }

  /** Whether a step may run this command. */
  public Decision run(List<String> argv) {
    Votes votes = new Votes();
    Set<String> ids = new LinkedHashSet<>();
    for (PolicyLayer layer : layers) {
      if (layer.decidesCommands) {
        ids.addAll(commandVotes(layer, argv, votes));
      }
    }
    plan.flatMap(PlanPermissions::commands)
        .ifPresent(named ->
            votes.addPlan(
                "permissions.commands",
                plan.orElseThrow().at(),
                named.stream().anyMatch(ids::contains)));
    return votes.decision("processes.default");
  }

  /** What one layer says of a command; returns the ids of the rules that matched. */
  private static Set<String> commandVotes(PolicyLayer layer, List<String> argv, Votes votes) {
    Set<String> ids = new LinkedHashSet<>();
    for (ArgvRule rule : layer.argvRules) {
      if (rule.matches(argv)) {
        votes.add(rule.match());
        ids.add(rule.match().rule());
      }
    }
    if (ids.isEmpty()) {
      votes.addDefault("processes.default", layer.name, "no rule allows it");
    }
    return ids;
  }

  /** Whether a plan may set this variable. */
  public Decision environment(String name) {
    Votes votes = new Votes();
    SourcePosition hard = new SourcePosition("hard-limits", 1, 0);
    if (name.startsWith("LD_") || name.equals("PATH") || name.equals("HOME")) {
      votes.add(
          new RuleMatch(
              "hard.environment",
              "hard-limits",
              hard,
              Effect.DENY,
              "it steers what programs are run"));
    }
    for (PolicyLayer layer : layers) {
      if (!layer.decidesEnvironment) {
        continue;
      }
      if (layer.denyVariables.matchInAnyCase(name)) {
        votes.addDefault("environment.deny", layer.name, "a pattern denies it");
      } else if (layer.planMaySet.match(name)) {
        votes.add(new RuleMatch("environment.planMaySet", layer.name, hard, Effect.ALLOW, ""));
      } else {
        votes.addDefault("environment.default", layer.name, "no pattern allows it");
      }
    }
    return votes.decision("environment.default");
  }

  @Override
  public boolean hides(RelativePath path) {
    return HardLimits.hides(path) || anyRule(path, index -> index.hide);
  }

  @Override
  public boolean scratches(RelativePath path) {
    return anyRule(path, index -> index.scratch);
  }

  private boolean anyRule(
      RelativePath path, java.util.function.Function<Indexes, RuleIndex> rules) {
    if (path.isRoot() || indexes.stream().allMatch(index -> rules.apply(index).isEmpty())) {
      return false;
    }
    PathSubject subject = PathSubject.of(path);
    return indexes.stream().anyMatch(index -> rules.apply(index).anyMatches(subject));
  }

  /** The rules on paths of one layer. */
  private record Indexes(RuleIndex write, RuleIndex hide, RuleIndex scratch) {
    static Indexes of(PolicyLayer layer) {
      return new Indexes(
          new RuleIndex(layer.writeRules),
          new RuleIndex(layer.hideRules),
          new RuleIndex(layer.scratchRules));
    }
  }

  /** Collects what layers say. No vote at all is a denial. */
  private static final class Votes {
    private final List<RuleMatch> matches = new ArrayList<>();
    private final Set<String> approvals = new LinkedHashSet<>();

    void add(RuleMatch match) {
      add(match, "");
    }

    void add(RuleMatch match, String approval) {
      matches.add(match);
      if (match.effect() == Effect.ASK) {
        approvals.add(approval);
      }
    }

    void addDefault(String rule, String layer, String reason) {
      add(new RuleMatch(rule, layer, new SourcePosition(layer, 1, 0), Effect.DENY, reason));
    }

    void addPlan(String rule, SourcePosition at, boolean allowed) {
      add(
          new RuleMatch(
              rule,
              "plan",
              at,
              allowed ? Effect.ALLOW : Effect.DENY,
              allowed ? "" : "the plan itself does not ask for it"));
    }

    Decision decision(String nothing) {
      if (matches.isEmpty()) {
        addDefault(nothing, "hard-limits", "no layer says anything about it");
      }
      matches.sort(Comparator.comparing(RuleMatch::effect).reversed());
      Effect effect = matches.getFirst().effect();
      approvals.remove("");
      return new Decision(
          effect, matches, effect == Effect.ASK ? List.copyOf(approvals) : List.of());
    }
  }

  // ---- values

  public ResourceLimits resources() {
    return numbers.resources();
  }

  public ChangeLimits changeLimits() {
    return numbers.changeLimits();
  }

  /** The image of the outermost layer that names one, else the default sandbox image. */
  public String image() {
    return trusted()
        .flatMap(l -> l.image.stream())
        .map(PolicyLayer.Placed::value)
        .findFirst()
        .orElse(DEFAULT_IMAGE);
  }

  public List<CacheMount> caches() {
    Map<String, CacheMount> all = new LinkedHashMap<>();
    layers.forEach(l -> all.putAll(l.caches));
    return List.copyOf(all.values());
  }

  /** The gates of all layers; every one must pass. */
  public List<Gate> gates() {
    Map<String, Gate> all = new LinkedHashMap<>();
    layers.forEach(layer -> all.putAll(layer.gates)); // an id that is taken does not load
    return List.copyOf(all.values());
  }

  /** Variables that every command gets. */
  public Map<String, String> environmentSet() {
    Map<String, String> all = new LinkedHashMap<>();
    for (PolicyLayer layer : layers.reversed()) {
      all.putAll(layer.environment); // the outermost wins
    }
    return Map.copyOf(all);
  }

  public ApprovalRules approval() {
    // Every layer that says something must agree, and one that nobody can change must say it.
    List<Condition> auto =
        trusted().anyMatch(l -> l.auto.isPresent())
            ? layers.stream().flatMap(l -> l.auto.stream()).toList()
            : List.of();
    int count = layers.stream().mapToInt(l -> l.count.orElse(0)).max().orElse(1);
    boolean self =
        layers.stream().allMatch(l -> l.selfApproval.orElse(true)) && says(l -> l.selfApproval);
    boolean agentsMay =
        layers.stream().allMatch(l -> l.agentsMayApprove.orElse(true))
            && says(l -> l.agentsMayApprove);
    Duration expires =
        layers.stream()
            .flatMap(l -> l.expires.stream())
            .min(Comparator.naturalOrder())
            .orElse(Duration.ofHours(24));
    Set<String> agents = new LinkedHashSet<>();
    Map<String, ApprovalRules.Rule> rules = new LinkedHashMap<>();
    List<ApprovalRules.GateOverride> overrides = new ArrayList<>();
    for (PolicyLayer layer : layers) {
      agents.addAll(layer.agents);
      layer.approvalRules.forEach(rules::putIfAbsent);
      overrides.addAll(layer.overrides);
    }
    return new ApprovalRules(
        auto,
        Math.max(1, count),
        self,
        agentsMay,
        expires,
        agents,
        List.copyOf(rules.values()),
        overrides);
  }

  /** The channels that a plan may name, by name. */
  public Map<String, Channel> channels() {
    Map<String, Channel> all = new LinkedHashMap<>();
    layers.forEach(layer -> layer.channels.forEach(all::putIfAbsent));
    return all;
  }

  /** The handlers that a plan may name, by name. */
  public Map<String, Handler> handlers() {
    Map<String, Handler> all = new LinkedHashMap<>();
    layers.forEach(layer -> layer.handlers.forEach(all::putIfAbsent));
    return all;
  }

  /** Whether a handler may run: the layer that defines it allows it, every other one is asked. */
  public Decision handle(Handler handler) {
    Votes votes = new Votes();
    votes.add(
        new RuleMatch(
            "handlers." + handler.name(), handler.layer(), handler.at(), Effect.ALLOW, ""));
    for (PolicyLayer layer : layers) {
      if (layer.decidesCommands && !layer.name.equals(handler.layer())) {
        commandVotes(layer, handler.argv(), votes);
      }
    }
    return votes.decision("handlers.default");
  }

  /** Only what a trusted layer says can open something. */
  private boolean says(java.util.function.Function<PolicyLayer, Optional<Boolean>> value) {
    return trusted().anyMatch(l -> value.apply(l).orElse(false));
  }

  /** The strictest of all layers. */
  public TestIntegrity testIntegrity() {
    List<Glob> paths = new ArrayList<>();
    Set<String> forbidNew = new LinkedHashSet<>();
    for (PolicyLayer layer : layers) {
      paths.addAll(layer.tests.paths);
      forbidNew.addAll(layer.tests.forbidNew);
    }
    // Where tests are named, they count, unless the policy says that they only inform.
    boolean required =
        says(l -> l.tests.baselineRequired)
            || (!paths.isEmpty()
                && layers.stream().allMatch(l -> l.tests.baselineRequired.isEmpty()));
    return new TestIntegrity(
        paths,
        required,
        smallest(l -> l.tests.mayDisappear),
        smallest(l -> l.tests.skippedMayGrow),
        List.copyOf(forbidNew));
  }

  private int smallest(java.util.function.Function<PolicyLayer, Optional<Integer>> value) {
    return layers.stream().flatMap(l -> value.apply(l).stream()).min(Integer::compare).orElse(0);
  }

  /** The strictest of all layers; a trusted one must say so where the default is stricter. */
  public PromotionRules promotion() {
    boolean paths =
        trusted().anyMatch(l -> l.promotion.requireBase.equals(PATHS))
            && layers.stream().allMatch(l -> l.promotion.requireBase.or(() -> PATHS).equals(PATHS));
    boolean revalidate =
        trusted().anyMatch(l -> l.promotion.onDrift.equals(REVALIDATE))
            && layers.stream()
                .allMatch(l -> l.promotion.onDrift.or(() -> REVALIDATE).equals(REVALIDATE));
    boolean backupOptional =
        trusted().anyMatch(l -> l.promotion.backupOptional.orElse(false))
            && layers.stream().allMatch(l -> l.promotion.backupOptional.orElse(true));
    return new PromotionRules(
        paths ? PromotionRules.RequireBase.PATHS : PromotionRules.RequireBase.TREE,
        PromotionRules.Target.WORKTREE,
        revalidate ? PromotionRules.OnDrift.REVALIDATE : PromotionRules.OnDrift.FAIL,
        backupOptional,
        layers.stream()
            .flatMap(l -> l.promotion.afterCheck.stream().map(PolicyLayer.Placed::value))
            .distinct()
            .toList());
  }

  private Stream<PolicyLayer> trusted() {
    return layers.stream().filter(l -> l.trusted);
  }

  /** What a trusted layer says of a kind of content; empty if none says anything. */
  public Optional<Effect> effect(String key) {
    Optional<Effect> strictest = Optional.empty();
    for (PolicyLayer layer : layers) {
      Effect effect = layer.effects.get(key);
      if (effect != null) {
        strictest = Optional.of(strictest.map(effect::and).orElse(effect));
      }
    }
    return strictest;
  }

  /** True if a gate of a layer that nobody can change from the workspace proves the change. */
  public boolean verifies() {
    return trusted().anyMatch(l -> !l.gates.isEmpty());
  }

  /** True if a run may switch validation off. */
  public boolean validateOptional() {
    return says(l -> l.validateOptional)
        && layers.stream().allMatch(l -> l.validateOptional.orElse(true));
  }
}
