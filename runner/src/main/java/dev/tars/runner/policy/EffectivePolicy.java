package dev.tars.runner.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.Keys;
import dev.tars.runner.policy.keys.Range;
import dev.tars.runner.policy.keys.Strictest;
import dev.tars.runner.policy.net.Endpoint;
import dev.tars.runner.policy.net.NetworkAnswer;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All layers of policy for one run, frozen. Each layer decides alone and the strictest wins, so an
 * inner layer can only narrow; no order and no specificity is ever looked at.
 */
public final class EffectivePolicy implements PathRules {
  /** The sandbox image where no policy names one. */
  public static final String DEFAULT_IMAGE = "tars-sandbox:default";

  private static final Key BASELINE = Keys.get("testIntegrity.baseline");

  private final List<PolicyLayer> layers;
  private final Optional<PlanPermissions> plan;
  private final Numbers numbers;
  private final Strictest single;
  private final PathRuleIndex paths;

  /** By key, once somebody asked. */
  private volatile Map<String, PolicyValue.Origin> origins = Map.of();

  EffectivePolicy(List<PolicyLayer> layers, Numbers numbers) {
    this(layers, Optional.empty(), numbers, new PathRuleIndex(layers));
  }

  private EffectivePolicy(
      List<PolicyLayer> layers,
      Optional<PlanPermissions> plan,
      Numbers numbers,
      PathRuleIndex paths) {
    this.layers = List.copyOf(layers);
    this.plan = plan;
    this.numbers = numbers;
    this.single = new Strictest(layers.stream().map(l -> l.said).toList());
    this.paths = paths;
  }

  /** This policy with what a plan says it needs as the innermost layer. */
  public EffectivePolicy narrowedBy(PlanPermissions permissions) {
    return new EffectivePolicy(
        layers, Optional.of(permissions), numbers.narrowedBy(permissions), paths);
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

  /** Every value, where it comes from, which layer decides it, and what holds a run to it. */
  public List<PolicyValue> values() {
    return new PolicyValues(this, layers).all();
  }

  /** Every key of every file, the outermost layer first, what is extended before what extends. */
  public List<PolicyKey> keys() {
    List<PolicyKey> keys = new ArrayList<>();
    for (PolicyLayer layer : layers) {
      for (YamlMap top : layer.tops) {
        top.deepLeaves()
            .forEach(l -> keys.add(new PolicyKey(l.name(), l.text(), layer.name, l.at())));
      }
    }
    return List.copyOf(keys);
  }

  /**
   * Where the value that holds was written, and in which layer; empty if no file says anything.
   *
   * @param key of one value, as in a policy file: {@code filesystem.limits.fileSize}
   */
  public Optional<PolicyValue.Origin> origin(String key) {
    Map<String, PolicyValue.Origin> known = origins;
    if (known.isEmpty()) {
      Map<String, PolicyValue.Origin> found = new LinkedHashMap<>();
      for (PolicyValue value : values()) {
        value.origins().stream()
            .filter(PolicyValue.Origin::decides)
            .findFirst()
            .ifPresent(origin -> found.put(value.name(), origin));
      }
      known = Map.copyOf(found);
      origins = known; // two threads may both have computed it, and found the same
    }
    return Optional.ofNullable(known.get(key));
  }

  /** Names of the layers, the outermost first. */
  public List<String> layers() {
    return layers.stream().map(l -> l.name).toList();
  }

  // ---- decisions

  /** Whether a change set may do this to a path. */
  public Decision write(RelativePath path, FileOperation operation) {
    Votes votes = new Votes();
    paths.write(path, operation, votes);
    if (plan.isPresent()) {
      planWrite(plan.get(), path, votes);
    }
    return votes.decision("filesystem.default");
  }

  private static void planWrite(PlanPermissions plan, RelativePath path, Votes votes) {
    plan.write()
        .ifPresent(globs ->
            votes.addPlan(
                "permissions.write", plan.at(), globs.stream().anyMatch(g -> g.matches(path))));
  }

  /** Whether a box sees a file; what only leads to something readable is a bare directory. */
  public Decision read(RelativePath path) {
    Votes votes = new Votes();
    paths.read(path, votes);
    return votes.decision("filesystem.read.default", Effect.ALLOW, "no layer limits reading");
  }

  /** Whether a file that is written may be what it is. */
  public Decision file(FileFacts file) {
    Votes votes = new Votes();
    for (PolicyLayer layer : layers) {
      boolean matched = false;
      for (FileRule rule : layer.fileRules) {
        if (rule.matches(file)) {
          votes.add(rule.match());
          matched = true;
        }
      }
      if (!matched && layer.decidesFiles) {
        votes.addDefault("files.default", layer, "files");
      }
    }
    return votes.decision("files.default", Effect.ALLOW, "no layer says what files may be");
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
        votes.add(rule.match(), rule.approval());
        ids.add(rule.match().rule());
      }
    }
    if (ids.isEmpty()) {
      votes.addDefault("processes.default", layer, "processes");
    }
    return ids;
  }

  /**
   * Whether a connection may be made. A name is decided about as a name; an address that a name
   * leads to must be asked for on its own.
   */
  public Decision connect(String host, int port, NetworkPhase phase) {
    return connect(host, port, phase, Optional.empty());
  }

  /** The same for a request in plain HTTP, where its method is named. */
  public Decision connect(String host, int port, NetworkPhase phase, Optional<String> plainMethod) {
    Endpoint to = Endpoint.of(host, port, phase).by(plainMethod);
    NetworkAnswer answer = network().decide(to);
    List<RuleMatch> matches = answer.votes().stream().map(RuleMatch::of).toList();
    return new Decision(matches.getFirst().effect(), matches, List.of());
  }

  /** The network rules of all layers, and of the plan if it says that it needs no network. */
  public NetworkTable network() {
    List<NetworkLayer> deciding = new ArrayList<>();
    for (PolicyLayer layer : layers) {
      if (layer.decidesNetwork) {
        deciding.add(
            new NetworkLayer(
                layer.networkRules,
                NetworkVote.nothingAllows(layer.name, layer.section("network"))));
      }
    }
    plan.filter(PlanPermissions::networkNone)
        .ifPresent(
            p -> deciding.add(new NetworkLayer(List.of(), NetworkVote.planNeedsNone(p.at()))));
    return new NetworkTable(deciding);
  }

  /** Whether a plan may set this variable. */
  public Decision environment(String name) {
    Votes votes = new Votes();
    HardLimits.variable(name).ifPresent(votes::add);
    for (PolicyLayer layer : layers) {
      if (!layer.decidesEnvironment) {
        continue;
      }
      Optional<SourcePosition> denied = layer.denyVariables.matchInAnyCase(name);
      Optional<SourcePosition> allowed = layer.planMaySet.match(name);
      denied.ifPresent(at ->
          votes.add(
              new RuleMatch(
                  "environment.deny", layer.name, at, Effect.DENY, "a pattern denies it")));
      allowed.ifPresent(at ->
          votes.add(new RuleMatch("environment.planMaySet", layer.name, at, Effect.ALLOW, "")));
      if (denied.isEmpty() && allowed.isEmpty()) {
        votes.addDefault("environment.default", layer, "environment");
      }
    }
    return votes.decision("environment.default");
  }

  /** The rules that make a path scratch, or a directory that it is in. */
  public List<RuleMatch> scratchedBy(RelativePath path) {
    return paths.scratchedBy(path);
  }

  @Override
  public boolean hides(RelativePath path) {
    return paths.hides(path);
  }

  @Override
  public boolean hidesDirectory(RelativePath path) {
    return paths.hidesDirectory(path);
  }

  @Override
  public boolean scratches(RelativePath path) {
    return paths.scratches(path);
  }

  @Override
  public boolean scratchesDirectory(RelativePath path) {
    return paths.scratchesDirectory(path);
  }

  // ---- values

  public ResourceLimits resources() {
    return numbers.resources().with(walls());
  }

  /** Layers that name different runtimes do not load. */
  private BoxWalls walls() {
    return new BoxWalls(
        layers.stream().flatMap(l -> l.runtime.stream()).map(PolicyLayer.Placed::value).findFirst(),
        word("runtime.seccomp", BoxWalls.Seccomp.class));
  }

  /** When test gates must prove that they can say no. */
  public ControlRule control() {
    return word("validation.control", ControlRule.class);
  }

  /** True if the gates after one that failed are run too. */
  public boolean gatesGoOn() {
    return single.is("validation.onFailure", "continue");
  }

  /**
   * What findings of static rules weigh, by rule or {@code group.*}; of two layers the stricter.
   */
  public Map<String, RuleSeverity> ruleSeverities() {
    Map<String, RuleSeverity> all = new TreeMap<>();
    layers.forEach(l ->
        l.ruleSeverities.forEach(
            (rule, severity) -> all.merge(rule, severity, (a, b) -> a.compareTo(b) > 0 ? a : b)));
    return all;
  }

  public AuditRules audit() {
    return new AuditRules(
        single.is("audit.decisions", "denies"),
        layers.stream().flatMap(l -> l.redact.stream()).toList());
  }

  /** The reports that every layer that speaks of them names; all where none does. */
  public EvidenceRules evidence() {
    Set<String> reports = new LinkedHashSet<>(EvidenceRules.REPORTS);
    layers.forEach(l -> l.reports.ifPresent(reports::retainAll));
    return new EvidenceRules(reports, layers.stream().anyMatch(l -> l.attestation.isPresent()));
  }

  /** The keys that every layer that names keys has, by the name that the outermost gives them. */
  public TrustRules trust() {
    List<PolicyLayer> naming = layers.stream().filter(l -> l.namesTrust).toList();
    Map<String, Bytes> keys = new TreeMap<>();
    if (!naming.isEmpty()) {
      keys.putAll(naming.getFirst().trustedKeys);
      naming.forEach(l -> keys.values().retainAll(l.trustedKeys.values()));
    }
    return new TrustRules(keys, single.is("trust.gates", "taken"));
  }

  public Retention retention() {
    return new Retention(
        time("retention.runs"),
        time("retention.failedRuns"),
        time("retention.backups"),
        time("retention.logs"),
        value(Keys.get("retention.maxDisk")).stream().mapToObj(ByteCount::new).findFirst());
  }

  private Optional<Duration> time(String key) {
    return value(Keys.get(key)).stream().mapToObj(Duration::ofMillis).findFirst();
  }

  public ExplainRules explain() {
    return new ExplainRules(
        single.is("explain.toPeople", "full"), single.is("explain.toAgents", "full"));
  }

  /** What the files say about themselves, the outermost layer first. */
  public List<Metadata> metadata() {
    return layers.stream().flatMap(l -> l.metadata.stream()).toList();
  }

  /** Where the policies' own tests are. */
  public List<PolicyTests> tests() {
    return layers.stream().flatMap(l -> l.policyTests.stream()).toList();
  }

  /** What the boxes of one phase may use of the network together. */
  public NetworkCaps networkCaps() {
    return numbers.networkCaps();
  }

  /** The proxy that every connection must go through, where a trusted layer names one. */
  public Optional<UpstreamProxy> upstream() {
    return trusted().flatMap(l -> l.upstream.stream()).findFirst();
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

  /** The image that trusted layers name, with its id; layers that disagree do not load. */
  public List<ImageRule> images() {
    return trusted().flatMap(l -> l.images.stream()).distinct().toList();
  }

  Map<String, Range> numbers() {
    return numbers.all();
  }

  /** What applies of a number that layers bound, and the most that an inner one may choose. */
  public Range range(Key key) {
    return java.util.Objects.requireNonNull(numbers.all().get(key.name()), key.name());
  }

  /** The most that an inner layer may choose, for each number. */
  public Map<String, Long> bounds() {
    return numbers.bounds();
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
      // Two layers that disagree do not load.
      layer.environment.forEach((name, value) -> all.put(name, value.value()));
    }
    return Map.copyOf(all);
  }

  public ApprovalRules approval() {
    // Every layer that says something must agree, and one that nobody can change must say it.
    List<Condition> auto =
        trusted().anyMatch(l -> l.auto.isPresent())
            ? layers.stream().flatMap(l -> l.auto.stream()).toList()
            : List.of();
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
        count("approval.count"),
        single.is("approval.selfApproval", "allow"),
        single.is("approval.agentsMayApprove", "true"),
        time("approval.expires").orElseThrow(),
        agents,
        List.copyOf(rules.values()),
        overrides);
  }

  /** Who is in each team, by the team's name. */
  public Map<String, Set<String>> teams() {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    for (PolicyLayer layer : layers) {
      layer.teams.forEach(
          (name, members) -> all.computeIfAbsent(name, n -> new LinkedHashSet<>()).addAll(members));
    }
    return all;
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

  /** The strictest of all layers. */
  public TestIntegrity testIntegrity() {
    List<Glob> paths = new ArrayList<>();
    Set<String> forbidNew = new LinkedHashSet<>();
    List<LockedSetting> locked = new ArrayList<>();
    for (PolicyLayer layer : layers) {
      paths.addAll(layer.tests.paths);
      forbidNew.addAll(layer.tests.forbidNew);
      locked.addAll(layer.tests.locked);
    }
    return new TestIntegrity(
        paths,
        value(BASELINE).equals(BASELINE.type().number("required")),
        count("testIntegrity.testsMayDisappear"),
        count("testIntegrity.skippedMayGrow"),
        List.copyOf(forbidNew),
        locked);
  }

  private int count(String key) {
    return Math.toIntExact(value(Keys.get(key)).orElseThrow());
  }

  private <E extends Enum<E>> E word(String key, Class<E> type) {
    return Enum.valueOf(type, single.word(key).toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /**
   * The single value that applies for a key of the table: the strictest of all layers; a trusted
   * one must say it where the default is stricter. Empty where nothing is limited.
   */
  public OptionalLong value(Key key) {
    // Where tests are named, they count, unless the policy says that they only inform.
    boolean named = key.equals(BASELINE) && layers.stream().anyMatch(l -> !l.tests.paths.isEmpty());
    return key.equals(BASELINE)
        ? single.value(key, key.type().number(named ? "required" : "optional"))
        : single.value(key);
  }

  public PromotionRules promotion() {
    return new PromotionRules(
        word("promotion.requireBase", PromotionRules.RequireBase.class),
        word("promotion.target", PromotionRules.Target.class),
        word("promotion.onDrift", PromotionRules.OnDrift.class),
        single.is("promotion.backup", "optional"),
        layers.stream()
            .flatMap(l -> l.afterCheck.stream().map(PolicyLayer.Placed::value))
            .distinct()
            .toList());
  }

  private Stream<PolicyLayer> trusted() {
    return layers.stream().filter(l -> l.trusted);
  }

  /**
   * What a kind of content means for a change.
   *
   * @param key such as {@code files.unicode.bidiControls}
   */
  public Effect effect(String key) {
    return word(key, Effect.class);
  }

  /** True if a gate of a layer that nobody can change from the workspace proves the change. */
  public boolean verifies() {
    return trusted().anyMatch(l -> !l.gates.isEmpty());
  }

  /** True if a run may switch validation off. */
  public boolean validateOptional() {
    return single.is("validation.optional", "true");
  }
}
