package dev.tars.runner.policy;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.SourcePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One layer while its files are read: what it extends first, then itself. Rules and lists add up; a
 * single value of a later file replaces that of an earlier one, key by key.
 */
final class PolicyLayer {
  final String name;

  /** True for layers outside the workspace, which may name agents, teams and images. */
  final boolean trusted;

  final List<PathRule> writeRules = new ArrayList<>();
  final List<PathRule> hideRules = new ArrayList<>();
  final List<PathRule> scratchRules = new ArrayList<>();
  final List<ArgvRule> argvRules = new ArrayList<>();
  final Map<String, Gate> gates = new LinkedHashMap<>();
  final Map<String, CacheMount> caches = new LinkedHashMap<>();
  final Map<String, Value> numbers = new LinkedHashMap<>();
  final Map<String, String> environment = new LinkedHashMap<>();
  final Set<String> agents = new LinkedHashSet<>();
  final Map<String, Set<String>> teams = new LinkedHashMap<>();
  final Map<String, ApprovalRules.Rule> approvalRules = new LinkedHashMap<>();
  final List<ApprovalRules.GateOverride> overrides = new ArrayList<>();
  final Map<String, Channel> channels = new LinkedHashMap<>();
  final Map<String, Handler> handlers = new LinkedHashMap<>();
  final List<String> documents = new ArrayList<>();

  /** Approval rules that rules on paths ask for, and where. */
  final List<Placed<String>> approvalsNamed = new ArrayList<>();

  final Map<String, Effect> effects = new LinkedHashMap<>();

  boolean decidesWrites;
  boolean decidesCommands;
  boolean decidesEnvironment;
  NamePatterns planMaySet = new NamePatterns(List.of());
  NamePatterns denyVariables = new NamePatterns(List.of());
  Optional<Placed<String>> image = Optional.empty();
  Optional<Condition> auto = Optional.empty();
  Optional<Integer> count = Optional.empty();
  Optional<Boolean> selfApproval = Optional.empty();
  Optional<Boolean> agentsMayApprove = Optional.empty();
  Optional<Duration> expires = Optional.empty();
  final Tests tests = new Tests();
  final Promotion promotion = new Promotion();
  Optional<Boolean> validateOptional = Optional.empty();

  PolicyLayer(String name, boolean trusted) {
    this.name = name;
    this.trusted = trusted;
  }

  /** {@code testIntegrity}, key by key: a file keeps what it does not set of what it extends. */
  static final class Tests {
    final List<Glob> paths = new ArrayList<>();
    final List<String> forbidNew = new ArrayList<>();
    Optional<Boolean> baselineRequired = Optional.empty();
    Optional<Integer> mayDisappear = Optional.empty();
    Optional<Integer> skippedMayGrow = Optional.empty();
  }

  /** {@code promotion}, key by key. */
  static final class Promotion {
    Optional<PromotionRules.RequireBase> requireBase = Optional.empty();
    Optional<PromotionRules.OnDrift> onDrift = Optional.empty();
    Optional<Boolean> backupOptional = Optional.empty();
    List<Placed<String>> afterCheck = List.of();
  }

  /** A value and where it stands. */
  record Placed<T>(T value, SourcePosition at) {}

  /**
   * A number with its maximum: bytes, milliseconds, thousandths or a count.
   *
   * @param standard what holds where nobody chooses; at most {@code max}
   */
  record Value(long standard, long max, SourcePosition at) {}

  static Value bytes(ByteCount standard, ByteCount max, SourcePosition at) {
    return new Value(standard.bytes(), max.bytes(), at);
  }
}
