package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.KeyType;
import dev.tars.runner.policy.keys.Keys;
import dev.tars.runner.policy.keys.Range;
import dev.tars.runner.yaml.Problems;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of all layers: the smallest maximum wins, an inner default chooses below it. */
final class Numbers {
  private final Map<String, Long> values;
  private final Map<String, Range> bounds;

  private Numbers(Map<String, Long> values, Map<String, Range> bounds) {
    this.values = Map.copyOf(values);
    this.bounds = Map.copyOf(bounds);
  }

  /** Combines layers, the outermost first; an inner maximum above an outer one is a problem. */
  static Numbers of(List<PolicyLayer> layers, Problems problems) {
    Map<String, Long> values = new LinkedHashMap<>();
    Map<String, Range> chosenBounds = new LinkedHashMap<>();
    for (Key key : Keys.all()) {
      if (key.type() instanceof KeyType.Bounded) {
        Optional<Range> outer = Optional.empty();
        long chosen = key.standardValue().orElseThrow();
        for (PolicyLayer layer : layers) {
          Optional<Range> value = layer.said.range(key.name());
          if (value.isEmpty()) {
            continue;
          }
          if (outer.isPresent() && value.get().max() > outer.get().max()) {
            problems.add(
                value.get().at(),
                key.name() + " is above the maximum of an outer layer, at " + outer.get().at(),
                "choose at most what the outer layer allows");
          }
          outer = value;
          chosen = value.get().standard();
        }
        values.put(key.name(), chosen);
        outer.ifPresent(value -> chosenBounds.put(key.name(), value));
      }
    }
    return new Numbers(values, chosenBounds);
  }

  /**
   * What a plan asks for, at most what the policy allows.
   *
   * @throws RunnerException PLAN_INVALID if it asks for more
   */
  Numbers narrowedBy(PlanPermissions plan) {
    Map<String, Long> narrowed = new LinkedHashMap<>(values);
    plan.memory().ifPresent(m -> ask(narrowed, "resources.memory", m.bytes(), plan));
    plan.wallClock().ifPresent(w -> ask(narrowed, "resources.wallClock", w.toMillis(), plan));
    return new Numbers(narrowed, bounds);
  }

  private void ask(Map<String, Long> into, String key, long asked, PlanPermissions plan) {
    Range bound = bounds.get(key);
    long max = bound == null ? get(key) : bound.max();
    if (asked > max) {
      throw RunnerException.of(
              FailureCode.PLAN_INVALID, "permissions." + key + " is above the policy's maximum")
          .at(plan.at().toString())
          .note("the maximum is " + max + (bound == null ? "" : ", at " + bound.at()))
          .note("the plan asks for " + asked)
          .help("ask for at most what the policy allows");
    }
    into.put(key, asked);
  }

  /** What holds, and the most that may be chosen, for every number. */
  Map<String, Range> all() {
    Map<String, Range> all = new java.util.TreeMap<>();
    values.forEach((key, value) -> {
      Range bound = bounds.get(key);
      long max = bound == null ? value : Math.max(value, bound.max());
      all.put(key, new Range(value, max, bound == null ? Votes.CODE : bound.at()));
    });
    return all;
  }

  /** The most that may be chosen, by name; what no layer limits is not in it. */
  Map<String, Long> bounds() {
    Map<String, Long> all = new java.util.TreeMap<>();
    bounds.forEach((key, value) -> all.put(key, value.max()));
    return all;
  }

  ResourceLimits resources() {
    return new ResourceLimits(
        count("resources.cpus"),
        bytes("resources.memory"),
        count("resources.pids"),
        bytes("resources.disk"),
        get("resources.inodes"),
        count("resources.openFiles"),
        bytes("resources.output"),
        bytes("runtime.tmp"),
        Duration.ofMillis(get("resources.wallClock")));
  }

  ChangeLimits changeLimits() {
    return new ChangeLimits(
        count("filesystem.limits.filesChanged"),
        count("filesystem.limits.linesAdded"),
        count("filesystem.limits.linesRemoved"),
        bytes("filesystem.limits.fileSize"),
        bytes("filesystem.limits.totalSize"),
        count("filesystem.limits.pathLength"),
        count("filesystem.limits.depth"));
  }

  NetworkCaps networkCaps() {
    return new NetworkCaps(
        get("network.limits.requests"),
        count("network.limits.connections"),
        bytes("network.limits.sent"),
        bytes("network.limits.received"),
        Duration.ofMillis(get("network.limits.connectionTime")),
        Duration.ofMillis(get("network.limits.silence")));
  }

  private long get(String key) {
    return java.util.Objects.requireNonNull(values.get(key), key);
  }

  private int count(String key) {
    return Math.toIntExact(get(key));
  }

  private ByteCount bytes(String key) {
    return new ByteCount(get(key));
  }
}
