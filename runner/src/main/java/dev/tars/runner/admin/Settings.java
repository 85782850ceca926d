package dev.tars.runner.admin;

import dev.tars.runner.admin.Part.Direction;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.ApprovalRules;
import dev.tars.runner.policy.BoxWalls;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PromotionRules;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.policy.Retention;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.yaml.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/** The values of an effective policy that are no decisions, and which direction widens each. */
final class Settings {
  /** The part of a number that says what may be chosen at most. */
  static final String MAX = " max";

  private final List<Setting> all = new ArrayList<>();

  private final Map<String, Long> bounds;

  private Settings(Map<String, Long> bounds) {
    this.bounds = bounds;
  }

  /**
   * One value.
   *
   * @param key as in a policy file
   * @param items what it consists of, by what follows the key: {@code [compile]}, {@code
   *     .team-log}, or nothing where it is one thing
   */
  record Setting(String key, String shown, Map<String, Item> items) {}

  /**
   * One thing.
   *
   * @param presence what it means that it is there
   * @param parts by what follows the item's name
   */
  record Item(Direction presence, String shown, Map<String, Part> parts) {
    Item {
      parts = Collections.unmodifiableMap(new TreeMap<>(parts));
    }
  }

  static Optional<String> shown(EffectivePolicy policy, String key) {
    return of(policy).stream().filter(s -> s.key().equals(key)).map(Setting::shown).findFirst();
  }

  static List<Setting> of(EffectivePolicy policy) {
    Settings settings = new Settings(policy.bounds());
    settings.resources(policy.resources());
    settings.limits(policy.changeLimits());
    settings.contents(policy);
    settings.approval(policy.approval());
    settings.all.add(GateSettings.of(policy.gates()));
    settings.validation(policy);
    settings.tests(policy.testIntegrity());
    settings.promotion(policy.promotion());
    settings.box(policy);
    settings.names(policy);
    settings.records(policy);
    return List.copyOf(settings.all);
  }

  private void resources(ResourceLimits r) {
    bounded("resources.cpus", r.milliCpus(), n -> Double.toString(n / 1000.0));
    bytes("resources.memory", r.memory());
    number("resources.pids", r.pids());
    bytes("resources.disk", r.disk());
    number("resources.inodes", r.inodes());
    number("resources.openFiles", r.openFiles());
    bytes("resources.output", r.output());
    time("resources.wallClock", r.wallClock());
    bytes("runtime.tmp", r.tmp());
    BoxWalls walls = r.walls();
    words("runtime.runtime", walls.runtime().orElse("the engine's default"));
    boolean wide = walls.seccomp() == BoxWalls.Seccomp.ENGINE_DEFAULT;
    word("runtime.seccomp", wide, "engine-default", "strict", Direction.MORE_IS_WIDER);
  }

  private void limits(ChangeLimits l) {
    number("filesystem.limits.filesChanged", l.filesChanged());
    number("filesystem.limits.linesAdded", l.linesAdded());
    number("filesystem.limits.linesRemoved", l.linesRemoved());
    bytes("filesystem.limits.fileSize", l.fileSize());
    bytes("filesystem.limits.totalSize", l.totalSize());
    number("filesystem.limits.pathLength", l.pathLength());
    number("filesystem.limits.depth", l.depth());
  }

  private void contents(EffectivePolicy policy) {
    level("filesystem.symlinks.create", policy.effect("symlinks"), Effect.DENY);
    level("files.contentMismatch", policy.effect("contentMismatch"), Effect.DENY);
    level("files.unicode.bidiControls", policy.effect("bidi"), Effect.DENY);
    level("files.unicode.invisible", policy.effect("invisible"), Effect.ASK);
    level("files.secretScan.effect", policy.effect("secrets"), Effect.ASK);
  }

  private void approval(ApprovalRules a) {
    auto(a.auto().stream().map(c -> c.text().strip()).toList());
    put("approval.count", a.count(), Integer.toString(a.count()), Direction.MORE_IS_NARROWER);
    word("approval.selfApproval", a.selfApproval(), "allow", "deny", Direction.MORE_IS_WIDER);
    flag("approval.agentsMayApprove", a.agentsMayApprove(), Direction.MORE_IS_WIDER);
    time("approval.expires", a.expires());
    names("agents", a.agents(), Direction.MORE_IS_NARROWER);
    Map<String, Item> rules = new TreeMap<>();
    for (ApprovalRules.Rule rule : a.rules()) {
      Map<String, Part> parts = new LinkedHashMap<>();
      parts.put(".when", when(rule.when()));
      parts.put(
          ".require.count",
          new Part.Level(rule.count(), Direction.MORE_IS_NARROWER, Integer.toString(rule.count())));
      parts.put(
          ".require.from",
          new Part.Names(rule.from(), rule.from().isEmpty(), Direction.MORE_IS_WIDER));
      rules.put(
          "[" + rule.id() + "]",
          new Item(
              Direction.MORE_IS_NARROWER,
              rule.count()
                  + (rule.from().isEmpty() ? "" : " of " + new TreeSet<>(rule.from()))
                  + rule.when().map(c -> " when " + c.text().strip()).orElse(""),
              parts));
    }
    items("approval.rules", rules);
    overrides(a.overrides());
  }

  private void overrides(List<ApprovalRules.GateOverride> all) {
    Map<String, Item> overrides = new TreeMap<>();
    for (ApprovalRules.GateOverride override : all) {
      boolean required = override.reasonRequired();
      overrides.put(
          "[" + override.gate() + "]",
          new Item(
              Direction.MORE_IS_WIDER,
              "by " + new TreeSet<>(override.by()) + (required ? " with a reason" : ""),
              Map.of(
                  ".by",
                  new Part.Names(override.by(), Direction.MORE_IS_WIDER),
                  ".reason",
                  new Part.Level(
                      required ? 1 : 0,
                      Direction.MORE_IS_NARROWER,
                      required ? "required" : "optional"))));
    }
    items("approval.overrides", overrides);
  }

  /** A rule without a condition always applies. */
  private static Part when(Optional<Condition> condition) {
    String text = condition.map(c -> c.text().strip()).orElse("true");
    int rank = text.equals("true") ? 2 : text.equals("false") ? 0 : 1;
    return new Part.When(rank, text, Direction.MORE_IS_NARROWER);
  }

  /** Never is narrower than a condition, a condition than always; two conditions are just other. */
  private void auto(List<String> conditions) {
    List<String> real = conditions.stream().filter(c -> !c.equals("true")).toList();
    boolean never = conditions.isEmpty() || real.contains("false");
    String text = never ? "false" : real.isEmpty() ? "true" : String.join(" && ", real);
    int rank = never ? 0 : real.isEmpty() ? 2 : 1;
    one("approval.auto", new Part.When(rank, text, Direction.MORE_IS_WIDER));
  }

  private void validation(EffectivePolicy policy) {
    flag("validation.optional", policy.validateOptional(), Direction.MORE_IS_WIDER);
    policy
        .ruleSeverities()
        .forEach((rule, s) ->
            one(
                "validation.rules." + rule,
                new Part.Level(s.weight(), Direction.MORE_IS_NARROWER, s.word())));
    words("validation.onFailure", policy.gatesGoOn() ? "continue" : "stop");
  }

  private void tests(TestIntegrity t) {
    names(
        "testIntegrity.paths",
        texts(t.paths().stream().map(p -> p.text()).toList()),
        Direction.MORE_IS_NARROWER);
    word(
        "testIntegrity.baseline",
        t.baselineRequired(),
        "required",
        "optional",
        Direction.MORE_IS_NARROWER);
    number("testIntegrity.testsMayDisappear", t.testsMayDisappear());
    number("testIntegrity.skippedMayGrow", t.skippedMayGrow());
    names("testIntegrity.forbidNew", texts(t.forbidNew()), Direction.MORE_IS_NARROWER);
    names(
        "testIntegrity.lockedConfiguration",
        texts(t.locked().stream().map(l -> l.text()).toList()),
        Direction.MORE_IS_NARROWER);
  }

  private void promotion(PromotionRules p) {
    boolean paths = p.requireBase() == PromotionRules.RequireBase.PATHS;
    word("promotion.requireBase", paths, "paths", "tree", Direction.MORE_IS_WIDER);
    boolean patch = p.target() == PromotionRules.Target.PATCH_FILE;
    word("promotion.target", patch, "patch-file", "worktree", Direction.MORE_IS_NARROWER);
    boolean again = p.onDrift() == PromotionRules.OnDrift.REVALIDATE;
    word("promotion.onDrift", again, "revalidate", "fail", Direction.MORE_IS_WIDER);
    word("promotion.backup", p.backupOptional(), "optional", "always", Direction.MORE_IS_WIDER);
    names("promotion.afterCheck", texts(p.afterCheck()), Direction.MORE_IS_NARROWER);
  }

  private void box(EffectivePolicy policy) {
    words("runtime.images", policy.image());
    Map<String, Item> caches = new TreeMap<>();
    policy
        .caches()
        .forEach(c ->
            caches.put(
                "[" + c.id() + "]",
                new Item(
                    Direction.MORE_IS_WIDER,
                    c.target(),
                    Map.of(
                        ".name",
                        new Part.Words(c.name()),
                        ".target",
                        new Part.Words(c.target())))));
    List<String> shown =
        policy.caches().stream().map(c -> c.name() + ": " + c.target()).sorted().toList();
    all.add(new Setting("caches", String.join("; ", shown), caches));
    Map<String, Item> set = new TreeMap<>();
    policy
        .environmentSet()
        .forEach((name, value) ->
            set.put(
                "." + name, new Item(Direction.UNCLEAR, value, Map.of("", new Part.Words(value)))));
    items("environment.set", set);
  }

  /** What a plan, or another part of the policy, may name. */
  private void names(EffectivePolicy policy) {
    Map<String, Item> teams = new TreeMap<>();
    policy
        .teams()
        .forEach((name, members) -> {
          Part people = new Part.Names(members, Direction.MORE_IS_WIDER);
          // A team that no rule names lets nobody do anything; who a rule names is compared there.
          teams.put("." + name, new Item(Direction.NOTHING, people.shown(), Map.of("", people)));
        });
    items("teams", teams);
    Map<String, Item> channels = new TreeMap<>();
    policy
        .channels()
        .forEach((name, channel) ->
            channels.put(
                "." + name,
                new Item(
                    Direction.MORE_IS_WIDER,
                    channel.file(),
                    Map.of(".file", new Part.Words(channel.file())))));
    items("notifications", channels);
    Map<String, Item> handlers = new TreeMap<>();
    policy
        .handlers()
        .forEach((name, handler) -> {
          String argv = handler.argv().toString();
          handlers.put(
              "." + name,
              new Item(Direction.MORE_IS_WIDER, argv, Map.of("", new Part.Words(argv))));
        });
    items("handlers", handlers);
  }

  /** What is told and kept: less of it may hide something, and more may give something away. */
  private void records(EffectivePolicy policy) {
    word("audit.decisions", policy.audit().denialsOnly(), "denies", "all", Direction.MORE_IS_WIDER);
    List<String> redact = policy.audit().redact().stream().map(p -> p.pattern()).toList();
    names("audit.redact", texts(redact), Direction.UNCLEAR);
    names("evidence.reports", policy.evidence().reports(), Direction.MORE_IS_NARROWER);
    boolean signed = policy.evidence().attestation();
    word("evidence.attestation", signed, "in-toto by key", "none", Direction.MORE_IS_NARROWER);
    Retention kept = policy.retention();
    words("retention.runs", kept(kept.runs()));
    words("retention.failedRuns", kept(kept.failedRuns()));
    words("retention.backups", kept(kept.backups()));
    words("retention.logs", kept(kept.logs()));
    words("retention.maxDisk", kept.maxDisk().map(ByteCount::toString).orElse("no limit"));
    word("explain.toPeople", policy.explain().people(), "full", "rule-id", Direction.MORE_IS_WIDER);
    word("explain.toAgents", policy.explain().agents(), "full", "rule-id", Direction.MORE_IS_WIDER);
  }

  private static String kept(Optional<Duration> time) {
    return time.map(Durations::show).orElse("for ever");
  }

  // ---- one value each

  private void number(String key, long value) {
    bounded(key, value, n -> Long.toString(n));
  }

  private void bytes(String key, ByteCount value) {
    bounded(key, value.bytes(), n -> new ByteCount(n).toString());
  }

  private void time(String key, Duration value) {
    bounded(key, value.toMillis(), n -> Durations.show(Duration.ofMillis(n)));
  }

  /** What holds, and the most that an inner layer or a plan may choose. */
  private void bounded(String key, long value, LongFunction<String> show) {
    long max = bounds.getOrDefault(key, value);
    String shown = show.apply(value) + (max == value ? "" : ", at most " + show.apply(max));
    Map<String, Part> parts = new LinkedHashMap<>();
    parts.put("", new Part.Level(value, Direction.MORE_IS_WIDER, shown));
    parts.put(MAX, new Part.Level(max, Direction.MORE_IS_WIDER, shown));
    all.add(new Setting(key, shown, Map.of("", new Item(Direction.UNCLEAR, shown, parts))));
  }

  private void flag(String key, boolean value, Direction direction) {
    put(key, value ? 1 : 0, Boolean.toString(value), direction);
  }

  /** One of two words; {@code more} is the one that is more. */
  private void word(String key, boolean isMore, String more, String less, Direction direction) {
    put(key, isMore ? 1 : 0, isMore ? more : less, direction);
  }

  private void level(String key, Optional<Effect> said, Effect standard) {
    Effect effect = said.orElse(standard);
    int strictness =
        switch (effect) {
          case ALLOW -> 0;
          case ASK -> 1;
          case DENY -> 2;
        };
    put(key, strictness, DecisionRecord.word(effect), Direction.MORE_IS_NARROWER);
  }

  private void words(String key, String value) {
    one(key, new Part.Words(value));
  }

  private void put(String key, long value, String shown, Direction direction) {
    one(key, new Part.Level(value, direction, shown));
  }

  private void names(String key, Set<String> names, Direction direction) {
    Part part = new Part.Names(names, direction);
    String shown = String.join("; ", new TreeSet<>(names));
    all.add(
        new Setting(key, shown, Map.of("", new Item(Direction.UNCLEAR, shown, Map.of("", part)))));
  }

  private static Set<String> texts(List<String> texts) {
    return new HashSet<>(texts);
  }

  private void one(String key, Part part) {
    all.add(
        new Setting(
            key,
            part.shown(),
            Map.of("", new Item(Direction.UNCLEAR, part.shown(), Map.of("", part)))));
  }

  /** Named things. */
  private void items(String key, Map<String, Item> items) {
    all.add(setting(key, items));
  }

  static Setting setting(String key, Map<String, Item> items) {
    List<String> shown = new ArrayList<>();
    items.forEach((suffix, item) -> {
      String name = suffix.replaceFirst("^\\.", "").replaceFirst("^\\[(.*)]$", "$1");
      shown.add(item.shown().isEmpty() ? name : name + ": " + item.shown());
    });
    return new Setting(key, String.join("; ", shown), Collections.unmodifiableMap(items));
  }
}
