package dev.tars.runner.admin;

import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.policy.ApprovalRules;
import dev.tars.runner.policy.ChangeLimits;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.PromotionRules;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.yaml.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/** The values of an effective policy that are no decisions, and which direction widens each. */
final class Settings {
  private final List<Setting> all = new ArrayList<>();

  private final Map<String, Long> bounds;

  private Settings(Map<String, Long> bounds) {
    this.bounds = bounds;
  }

  /** What a larger value means. */
  enum Direction {
    MORE_IS_WIDER,
    MORE_IS_NARROWER,
    /** Nobody can say: any change counts as both. */
    UNCLEAR
  }

  /**
   * One value.
   *
   * @param amounts the value as parts that can be compared, by name; one part for a number
   */
  record Setting(String key, String shown, Map<String, Amount> amounts) {}

  /** A part of a value: more of it, or another text. */
  record Amount(long number, String text, Direction direction) {}

  static Optional<String> shown(EffectivePolicy policy, String key) {
    return of(policy).stream().filter(s -> s.key().equals(key)).map(Setting::shown).findFirst();
  }

  static List<Setting> of(EffectivePolicy policy) {
    Settings settings = new Settings(policy.bounds());
    settings.resources(policy.resources());
    settings.limits(policy.changeLimits());
    settings.contents(policy);
    settings.approval(policy.approval());
    settings.gates(policy);
    settings.tests(policy.testIntegrity());
    settings.promotion(policy.promotion());
    settings.box(policy);
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
    flag("approval.auto", a.auto(), Direction.MORE_IS_WIDER);
    put("approval.count", a.count(), Integer.toString(a.count()), Direction.MORE_IS_NARROWER);
    flag("approval.selfApproval", a.selfApproval(), Direction.MORE_IS_WIDER);
    flag("approval.agentsMayApprove", a.agentsMayApprove(), Direction.MORE_IS_WIDER);
    time("approval.expires", a.expires());
    Map<String, String> agents = new TreeMap<>();
    a.agents().forEach(agent -> agents.put(agent, ""));
    items("agents", agents, Direction.MORE_IS_NARROWER);
    Map<String, String> rules = new TreeMap<>();
    for (ApprovalRules.Rule rule : a.rules()) {
      rules.put(
          rule.id(),
          rule.count() + (rule.from().isEmpty() ? "" : " of " + new TreeSet<>(rule.from())));
    }
    items("approval.rules", rules, Direction.MORE_IS_NARROWER);
  }

  private void gates(EffectivePolicy policy) {
    Map<String, String> gates = new TreeMap<>();
    for (Gate gate : policy.gates()) {
      gates.put(
          gate.id(),
          switch (gate) {
            case Gate.Command c -> c.argv() + " in " + Durations.show(c.timeout());
            case Gate.Tests t ->
                t.argv()
                    + " reports "
                    + t.reports()
                    + " minTests "
                    + t.minTests()
                    + " maxFailures "
                    + t.maxFailures()
                    + " reruns "
                    + t.reruns()
                    + " in "
                    + Durations.show(t.timeout());
            case Gate.Expression e -> e.cel();
          });
    }
    items("validation.gates", gates, Direction.MORE_IS_NARROWER);
    flag("validation.optional", policy.validateOptional(), Direction.MORE_IS_WIDER);
  }

  private void tests(TestIntegrity t) {
    Map<String, String> paths = new TreeMap<>();
    t.paths().forEach(p -> paths.put(p.text(), ""));
    items("testIntegrity.paths", paths, Direction.MORE_IS_NARROWER);
    flag("testIntegrity.baseline.required", t.baselineRequired(), Direction.MORE_IS_NARROWER);
    number("testIntegrity.testsMayDisappear", t.testsMayDisappear());
    number("testIntegrity.skippedMayGrow", t.skippedMayGrow());
    Map<String, String> texts = new TreeMap<>();
    t.forbidNew().forEach(text -> texts.put(text, ""));
    items("testIntegrity.forbidNew", texts, Direction.MORE_IS_NARROWER);
  }

  private void promotion(PromotionRules p) {
    boolean paths = p.requireBase() == PromotionRules.RequireBase.PATHS;
    put("promotion.requireBase", paths ? 1 : 0, paths ? "paths" : "tree", Direction.MORE_IS_WIDER);
    text("promotion.target", p.target().name().toLowerCase(java.util.Locale.ROOT));
    text("promotion.onDrift", p.onDrift().name().toLowerCase(java.util.Locale.ROOT));
    flag("promotion.backup.optional", p.backupOptional(), Direction.MORE_IS_WIDER);
    Map<String, String> after = new TreeMap<>();
    p.afterCheck().forEach(g -> after.put(g, ""));
    items("promotion.afterCheck", after, Direction.MORE_IS_NARROWER);
  }

  private void box(EffectivePolicy policy) {
    text("runtime.images", policy.image());
    Map<String, String> caches = new TreeMap<>();
    policy.caches().forEach(c -> caches.put(c.name(), c.target()));
    items("caches", caches, Direction.MORE_IS_WIDER);
    Map<String, String> set = new TreeMap<>(policy.environmentSet());
    items("environment.set", set, Direction.UNCLEAR);
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
    Map<String, Amount> amounts = new TreeMap<>();
    amounts.put("", new Amount(value, "", Direction.MORE_IS_WIDER));
    amounts.put("max", new Amount(max, "", Direction.MORE_IS_WIDER));
    all.add(new Setting(key, shown, amounts));
  }

  private void flag(String key, boolean value, Direction direction) {
    put(key, value ? 1 : 0, Boolean.toString(value), direction);
  }

  private void level(String key, Optional<Effect> said, Effect standard) {
    Effect effect = said.orElse(standard);
    long strictness =
        switch (effect) {
          case ALLOW -> 0;
          case ASK -> 1;
          case DENY -> 2;
        };
    put(key, strictness, DecisionRecord.word(effect), Direction.MORE_IS_NARROWER);
  }

  private void text(String key, String value) {
    all.add(new Setting(key, value, Map.of("", new Amount(0, value, Direction.UNCLEAR))));
  }

  private void put(String key, long value, String shown, Direction direction) {
    all.add(new Setting(key, shown, Map.of("", new Amount(value, "", direction))));
  }

  /** Named things: one more of them, or another text for one. */
  private void items(String key, Map<String, String> items, Direction direction) {
    Map<String, Amount> amounts = new TreeMap<>();
    List<String> shown = new ArrayList<>();
    items.forEach((name, text) -> {
      amounts.put(name, new Amount(1, text, direction));
      shown.add(text.isEmpty() ? name : name + ": " + text);
    });
    all.add(new Setting(key, String.join("; ", shown), amounts));
  }
}
