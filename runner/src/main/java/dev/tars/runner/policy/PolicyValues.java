package dev.tars.runner.policy;

import dev.tars.runner.yaml.Durations;
import dev.tars.runner.yaml.YamlLeaf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Every value of an effective policy with where it comes from. */
final class PolicyValues {
  private final List<PolicyLayer> layers;

  /** What holds, for values of which there is one: whatever layers say, this is what counts. */
  private final Map<String, String> single = new LinkedHashMap<>();

  PolicyValues(EffectivePolicy policy, List<PolicyLayer> layers) {
    this.layers = layers;
    policy.numbers().forEach((name, value) -> single.put(name, shown(name, value)));
    words(policy);
  }

  private void words(EffectivePolicy policy) {
    put("filesystem.default", "deny");
    put("filesystem.symlinks.create", effect(policy, "symlinks"));
    put("filesystem.symlinks.follow", "inside-workspace");
    put("files.contentMismatch", effect(policy, "contentMismatch"));
    put("files.unicode.bidiControls", effect(policy, "bidi"));
    put("files.unicode.invisible", effect(policy, "invisible"));
    put("files.secretScan.effect", effect(policy, "secrets"));
    put("processes.default", "deny");
    put("processes.shell", "deny");
    put("network.default", "deny");
    put("resources.swap", "0B");
    BoxWalls walls = policy.resources().walls();
    put("runtime.engine", "docker");
    put("runtime.runtime", walls.runtime().orElse("the engine's default"));
    put("runtime.noNewPrivileges", "true");
    put("runtime.readOnlyRoot", "true");
    put("runtime.seccomp", word(walls.seccomp()));
    put("validation.cleanRoom", "true");
    put("validation.optional", String.valueOf(policy.validateOptional()));
    put("validation.onFailure", policy.gatesGoOn() ? "continue" : "stop");
    policy.ruleSeverities().forEach((rule, s) -> put("validation.rules." + rule, s.word()));
    TestIntegrity tests = policy.testIntegrity();
    put("testIntegrity.baseline", tests.baselineRequired() ? "required" : "optional");
    put("testIntegrity.testsMayDisappear", String.valueOf(tests.testsMayDisappear()));
    put("testIntegrity.skippedMayGrow", String.valueOf(tests.skippedMayGrow()));
    PromotionRules promotion = policy.promotion();
    put("promotion.requireBase", word(promotion.requireBase()));
    put("promotion.target", word(promotion.target()));
    put("promotion.onDrift", word(promotion.onDrift()));
    put("promotion.backup", promotion.backupOptional() ? "optional" : "always");
    ApprovalRules approval = policy.approval();
    put("approval.count", String.valueOf(approval.count()));
    put("approval.selfApproval", approval.selfApproval() ? "allow" : "deny");
    put("approval.agentsMayApprove", String.valueOf(approval.agentsMayApprove()));
    put("approval.expires", Durations.show(approval.expires()));
    put("audit.decisions", policy.audit().denialsOnly() ? "denies" : "all");
    put("explain.toPeople", policy.explain().people() ? "full" : "rule-id");
    put("explain.toAgents", policy.explain().agents() ? "full" : "rule-id");
    Retention retention = policy.retention();
    time("retention.runs", retention.runs());
    time("retention.failedRuns", retention.failedRuns());
    time("retention.backups", retention.backups());
    time("retention.logs", retention.logs());
    retention.maxDisk().ifPresent(size -> put("retention.maxDisk", size(size.bytes())));
  }

  private void put(String name, String value) {
    single.put(name, value);
  }

  private void time(String name, Optional<Duration> value) {
    value.ifPresent(v -> put(name, Durations.show(v)));
  }

  private static String effect(EffectivePolicy policy, String key) {
    return policy.effect(key).map(PolicyValues::word).orElse("the check's own");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A number with its maximum, in the unit that its name has in a policy file. */
  private static String shown(String name, PolicyLayer.Value value) {
    String chosen = number(name, value.standard());
    return value.standard() == value.max()
        ? chosen
        : chosen + " (at most " + number(name, value.max()) + ")";
  }

  private static String number(String name, long value) {
    return switch (Numbers.unit(name)) {
      case BYTES -> size(value);
      case MILLISECONDS -> Durations.show(Duration.ofMillis(value));
      case THOUSANDTHS -> String.valueOf(value / 1000);
      case ITEMS -> String.valueOf(value);
    };
  }

  /** Exactly, in the largest unit that is whole. */
  static String size(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long value = bytes;
    while (value > 0 && value % 1024 == 0 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + units[unit];
  }

  List<PolicyValue> all() {
    Map<String, List<Said>> said = new LinkedHashMap<>();
    single.keySet().forEach(name -> said.put(name, new ArrayList<>()));
    for (PolicyLayer layer : layers) {
      for (YamlLeaf leaf : layer.leaves) {
        said.computeIfAbsent(name(leaf), key -> new ArrayList<>()).add(new Said(layer, leaf));
      }
    }
    List<PolicyValue> values = new ArrayList<>();
    said.forEach((name, all) -> values.add(value(name, all)));
    values.sort(java.util.Comparator.comparing(PolicyValue::name));
    return List.copyOf(values);
  }

  /** What one file of a layer says. */
  private record Said(PolicyLayer layer, YamlLeaf leaf) {}

  /** A number is one value, however it is written. */
  private String name(YamlLeaf leaf) {
    String above = leaf.name().replaceAll("\\.(default|max)$", "");
    return single.containsKey(above) ? above : leaf.name();
  }

  private PolicyValue value(String name, List<Said> said) {
    String held = single.get(name);
    List<PolicyValue.Origin> origins = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Said one = said.get(i);
      boolean replaced = held != null && isReplaced(said, i);
      boolean decides = held == null || (!replaced && agrees(name, held, said, i));
      origins.add(
          new PolicyValue.Origin(one.layer().name, one.leaf().at(), one.leaf().text(), decides));
    }
    String value =
        held != null
            ? held
            : said.stream()
                .map(s -> s.leaf().text())
                .distinct()
                .collect(java.util.stream.Collectors.joining(" and "));
    return new PolicyValue(name, value, origins, Enforcement.of(name).orElse("nothing"));
  }

  /** A later file of the same layer says the same key. */
  private static boolean isReplaced(List<Said> said, int index) {
    Said one = said.get(index);
    return said.subList(index + 1, said.size()).stream()
        .anyMatch(
            later -> later.layer() == one.layer() && later.leaf().name().equals(one.leaf().name()));
  }

  /** Of a number the innermost layer decides; of a word each layer that says what holds. */
  private boolean agrees(String name, String held, List<Said> said, int index) {
    Said one = said.get(index);
    if (Numbers.isNumber(name)) {
      return one.layer() == said.getLast().layer();
    }
    String text = one.leaf().text();
    return text.equals(held)
        || Durations.parse(text).map(Durations::show).equals(Optional.of(held));
  }
}
