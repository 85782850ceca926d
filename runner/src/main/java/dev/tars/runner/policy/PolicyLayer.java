package dev.tars.runner.policy;

import com.google.re2j.Pattern;
import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.keys.Said;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.yaml.YamlLeaf;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One layer while its files are read: what it extends first, then itself. Rules and lists add up; a
 * single value of a later file replaces that of an earlier one, key by key.
 */
final class PolicyLayer {
  final String name;

  /** True for layers outside the workspace, which may name agents, teams and images. */
  final boolean trusted;

  /** The values that the table reads. */
  final Said said;

  final List<PathRule> writeRules = new ArrayList<>();
  final List<PathRule> readRules = new ArrayList<>();
  final List<PathRule> hideRules = new ArrayList<>();
  final List<PathRule> scratchRules = new ArrayList<>();
  final List<ArgvRule> argvRules = new ArrayList<>();
  final List<NetworkRule> networkRules = new ArrayList<>();
  final List<FileRule> fileRules = new ArrayList<>();
  final Map<String, Gate> gates = new LinkedHashMap<>();
  final Map<String, CacheMount> caches = new LinkedHashMap<>();
  final Map<String, Placed<String>> environment = new LinkedHashMap<>();
  final Set<String> agents = new LinkedHashSet<>();
  final Map<String, Set<String>> teams = new LinkedHashMap<>();
  final Map<String, ApprovalRules.Rule> approvalRules = new LinkedHashMap<>();
  final List<ApprovalRules.GateOverride> overrides = new ArrayList<>();
  final Map<String, Channel> channels = new LinkedHashMap<>();
  final Map<String, Handler> handlers = new LinkedHashMap<>();
  final List<String> documents = new ArrayList<>();

  /** Every value of every file, in the order in which they were read. */
  final List<YamlLeaf> leaves = new ArrayList<>();

  /** The files themselves, for what is asked of single keys. */
  final List<YamlMap> tops = new ArrayList<>();

  /** What was read already: a file that two bases share counts once. */
  final Set<Digest> files = new LinkedHashSet<>();

  /** Approval rules that rules on paths ask for, and where. */
  final List<Placed<String>> approvalsNamed = new ArrayList<>();

  /** Where each section stands, the innermost file's where there are several. */
  final Map<String, SourcePosition> sections = new LinkedHashMap<>();

  /** Ids of rules, and where: an id names one rule of a layer. */
  final Map<String, SourcePosition> ids = new LinkedHashMap<>();

  boolean decidesReads;
  boolean decidesWrites;
  boolean decidesNetwork;
  boolean decidesFiles;
  boolean decidesCommands;
  boolean decidesEnvironment;
  NamePatterns planMaySet = NamePatterns.NONE;
  NamePatterns denyVariables = NamePatterns.NONE;
  Optional<Placed<String>> image = Optional.empty();
  List<ImageRule> images = List.of();
  Optional<Condition> auto = Optional.empty();
  List<Placed<String>> afterCheck = List.of();
  final Map<String, RuleSeverity> ruleSeverities = new TreeMap<>();
  final Tests tests = new Tests();
  Optional<Placed<String>> runtime = Optional.empty();
  Optional<UpstreamProxy> upstream = Optional.empty();
  final List<Pattern> redact = new ArrayList<>();
  Optional<Set<String>> reports = Optional.empty();
  Optional<SourcePosition> attestation = Optional.empty();

  /** Public keys by name; {@link #namesTrust} if the layer says which there are. */
  final Map<String, Bytes> trustedKeys = new TreeMap<>();

  boolean namesTrust;
  final List<PolicyTests> policyTests = new ArrayList<>();
  Optional<Metadata> metadata = Optional.empty();

  PolicyLayer(String name, boolean trusted) {
    this.name = name;
    this.trusted = trusted;
    this.said = new Said(trusted);
  }

  /** Where a section stands; the first line of the layer if it has none. */
  SourcePosition section(String section) {
    SourcePosition at = sections.get(section);
    return at == null ? new SourcePosition(name, 1, 0) : at;
  }

  /** {@code testIntegrity}, key by key: a file keeps what it does not set of what it extends. */
  static final class Tests {
    final List<Glob> paths = new ArrayList<>();
    final List<String> forbidNew = new ArrayList<>();
    final List<LockedSetting> locked = new ArrayList<>();
  }

  /** A value and where it stands. */
  record Placed<T>(T value, SourcePosition at) {}
}
