package dev.tars.runner.policy;

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
 * One layer while its files are read: what it extends first, then itself. Rules add up; a single
 * value of a later file replaces that of an earlier one.
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
  final List<String> documents = new ArrayList<>();
  final Map<String, Effect> effects = new LinkedHashMap<>();

  boolean decidesWrites;
  boolean decidesCommands;
  boolean decidesEnvironment;
  NamePatterns planMaySet = new NamePatterns(List.of());
  NamePatterns denyVariables = new NamePatterns(List.of());
  Optional<Placed<String>> image = Optional.empty();
  Optional<Boolean> auto = Optional.empty();
  Optional<Integer> count = Optional.empty();
  Optional<Boolean> selfApproval = Optional.empty();
  Optional<Boolean> agentsMayApprove = Optional.empty();
  Optional<Duration> expires = Optional.empty();
  Optional<TestIntegrity> tests = Optional.empty();
  Optional<PromotionRules> promotion = Optional.empty();
  Optional<Boolean> validateOptional = Optional.empty();

  PolicyLayer(String name, boolean trusted) {
    this.name = name;
    this.trusted = trusted;
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
