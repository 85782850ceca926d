package dev.tars.runner.policy;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.yaml.Problems;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The numbers of all layers: the smallest maximum wins, an inner default chooses below it. */
final class Numbers {
  /** What holds where no layer says anything, and the ceilings that no layer can lift. */
  private static final Map<String, long[]> STANDARD = new LinkedHashMap<>();

  static {
    put("resources.cpus", 2_000, 64_000);
    put("resources.memory", 2L << 30, 256L << 30);
    put("resources.pids", 512, 32_768);
    put("resources.disk", 4L << 30, 1L << 40);
    put("resources.inodes", 200_000, 10_000_000);
    put("resources.openFiles", 4_096, 1_048_576);
    put("resources.output", 16L << 20, 1L << 30);
    put("resources.wallClock", 20 * 60_000, 24 * 3_600_000);
    put("runtime.tmp", 512L << 20, 16L << 30);
    put("filesystem.limits.filesChanged", 1_000, 100_000);
    put("filesystem.limits.linesAdded", 50_000, 100_000_000);
    put("filesystem.limits.linesRemoved", 50_000, 100_000_000);
    put("filesystem.limits.fileSize", 8L << 20, 4L << 30);
    put("filesystem.limits.totalSize", 64L << 20, 16L << 30);
    put("filesystem.limits.pathLength", 1_024, 4_096);
    put("filesystem.limits.depth", 64, 200);
  }

  private final Map<String, Long> values;
  private final Map<String, PolicyLayer.Value> bounds;

  private Numbers(Map<String, Long> values, Map<String, PolicyLayer.Value> bounds) {
    this.values = Map.copyOf(values);
    this.bounds = Map.copyOf(bounds);
  }

  private static void put(String key, long standard, long ceiling) {
    STANDARD.put(key, new long[] {standard, ceiling});
  }

  /** The largest value that a policy may name. */
  static long ceiling(String key) {
    return java.util.Objects.requireNonNull(STANDARD.get(key))[1];
  }

  /** Combines layers, the outermost first; an inner maximum above an outer one is a problem. */
  static Numbers of(List<PolicyLayer> layers, Problems problems) {
    Map<String, Long> values = new LinkedHashMap<>();
    Map<String, PolicyLayer.Value> chosenBounds = new LinkedHashMap<>();
    STANDARD.forEach((key, bounds) -> {
      Optional<PolicyLayer.Value> outer = Optional.empty();
      long chosen = bounds[0];
      for (PolicyLayer layer : layers) {
        PolicyLayer.Value value = layer.numbers.get(key);
        if (value == null) {
          continue;
        }
        if (outer.isPresent() && value.max() > outer.get().max()) {
          problems.add(
              value.at(),
              key + " is above the maximum of an outer layer, at " + outer.get().at(),
              "choose at most what the outer layer allows");
        }
        outer = Optional.of(value);
        chosen = value.standard();
      }
      values.put(key, chosen);
      outer.ifPresent(value -> chosenBounds.put(key, value));
    });
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
    PolicyLayer.Value bound = bounds.get(key);
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

  /** What a number counts. */
  enum Unit {
    BYTES,
    MILLISECONDS,
    THOUSANDTHS,
    ITEMS
  }

  static boolean isNumber(String key) {
    return STANDARD.containsKey(key);
  }

  static Unit unit(String key) {
    return switch (key) {
      case "resources.cpus" -> Unit.THOUSANDTHS;
      case "resources.wallClock" -> Unit.MILLISECONDS;
      case "resources.memory",
          "resources.disk",
          "resources.output",
          "runtime.tmp",
          "filesystem.limits.fileSize",
          "filesystem.limits.totalSize" ->
          Unit.BYTES;
      default -> Unit.ITEMS;
    };
  }

  /** What holds, and the most that may be chosen, for every number. */
  Map<String, PolicyLayer.Value> all() {
    Map<String, PolicyLayer.Value> all = new java.util.TreeMap<>();
    values.forEach((key, value) -> {
      PolicyLayer.Value bound = bounds.get(key);
      long max = bound == null ? value : Math.max(value, bound.max());
      all.put(key, new PolicyLayer.Value(value, max, bound == null ? Votes.CODE : bound.at()));
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
