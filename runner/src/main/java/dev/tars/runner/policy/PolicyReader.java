package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads one policy document into a layer. A key that cannot be enforced is refused here. */
final class PolicyReader {
  static final String API = "tars.dev/policy/v1";

  private final PolicyLayer layer;
  private final YamlMap top;
  private final Map<String, List<String>> variables = new TreeMap<>();
  private final Set<String> usedVariables = new HashSet<>();
  private final Map<String, SourcePosition> ids = new HashMap<>();

  PolicyReader(PolicyLayer layer, YamlMap top) {
    this.layer = layer;
    this.top = top;
  }

  void read() {
    requireWord("apiVersion", API);
    requireWord("kind", "PermissionPolicy");
    top.optionalMap("metadata").ifPresent(PolicyReader::metadata);
    top.optionalMap("variables").ifPresent(this::variables);
    top.optionalMap("filesystem").ifPresent(m -> new FilesystemReader(layer, this).read(m));
    top.optionalMap("files").ifPresent(m -> FilesReader.read(m, layer));
    top.optionalMap("processes").ifPresent(m -> new ProcessesReader(layer, this).read(m));
    top.optionalMap("environment").ifPresent(m -> EnvironmentReader.read(m, layer));
    top.optionalMap("network").ifPresent(this::network);
    top.optionalMap("resources").ifPresent(m -> new ResourcesReader(layer).resources(m));
    top.optionalMap("runtime").ifPresent(m -> new ResourcesReader(layer).runtime(m));
    new ResourcesReader(layer).caches(top.maps("caches"));
    top.optionalMap("validation").ifPresent(m -> new GatesReader(layer, this).validation(m));
    top.optionalMap("testIntegrity").ifPresent(m -> new GatesReader(layer, this).tests(m));
    new ApprovalReader(layer).read(top);
    new ChannelsReader(layer).read(top);
    top.optionalMap("promotion").ifPresent(m -> GatesReader.promotion(m, layer));
    refuse(
        "requires",
        "audit",
        "evidence",
        "retention",
        "explain",
        "tests");
    top.optionalMap("variables").ifPresent(this::unused);
    top.closed();
  }

  private void unused(YamlMap map) {
    for (String name : map.names()) {
      if (!usedVariables.contains(name)) {
        map.problem(name, "nothing uses the variable " + name, "take it out, or use it");
      }
    }
  }

  /** An id names one rule of a file, or nobody could say which rule decided. */
  void claim(YamlMap rule, String id) {
    SourcePosition first = ids.putIfAbsent(id, rule.position());
    if (first != null) {
      rule.problem("id", "the id '" + id + "' is taken, at " + first, "choose another id");
    }
  }

  private void requireWord(String key, String word) {
    if (top.optionalWord(key, List.of(word)).isEmpty() && !top.has(key)) {
      top.string(key);
    }
  }

  private static void metadata(YamlMap map) {
    String _ = map.string("name");
    map.optionalString("version");
    map.optionalString("description");
    map.strings("owners");
    map.closed();
  }

  private void variables(YamlMap map) {
    for (String name : map.names()) {
      variables.put(name, map.strings(name));
    }
  }

  /** Only a network section that allows nothing can be enforced: boxes have no network. */
  private void network(YamlMap map) {
    map.optionalWord("default", List.of("deny"));
    if (!map.maps("allow").isEmpty()) {
      map.problem(
          "allow",
          "network access cannot be enforced yet, so it is refused",
          "take network.allow out; boxes run without a network");
    }
    for (YamlMap rule : map.maps("deny")) {
      rule.optionalString("id");
      rule.strings("hosts");
      rule.strings("cidrs");
      rule.optionalString("reason");
      rule.closed();
    }
    map.closed();
  }

  private void refuse(String... keys) {
    for (String key : keys) {
      if (top.has(key)) {
        top.problem(key, "'" + key + "' cannot be enforced yet, so it is refused", "take it out");
      }
    }
  }

  /** A list of globs; {@code ${name}} stands for a variable's list. */
  List<Glob> globs(YamlMap map, String key) {
    List<Glob> globs = new ArrayList<>();
    for (YamlMap.Placed placed : map.placedStrings(key)) {
      for (String pattern : expand(placed, map)) {
        try {
          globs.add(Globs.compile(pattern));
        } catch (IllegalArgumentException e) {
          map.problems().add(placed.at(), "not a glob: " + e.getMessage(), "correct the pattern");
        }
      }
    }
    return globs;
  }

  private List<String> expand(YamlMap.Placed placed, YamlMap map) {
    String text = placed.text();
    if (!text.startsWith("${") || !text.endsWith("}")) {
      return List.of(text);
    }
    usedVariables.add(text.substring(2, text.length() - 1));
    List<String> values = variables.get(text.substring(2, text.length() - 1));
    if (values == null) {
      map.problems().add(placed.at(), "unknown variable " + text, "define it below 'variables:'");
      return List.of();
    }
    return values;
  }

  /** The parts that every rule has. */
  RuleMatch match(YamlMap rule, Effect effect) {
    SourcePosition at = rule.position();
    Optional<String> id = rule.optionalString("id");
    id.ifPresent(text -> claim(rule, text));
    String reason = rule.optionalString("reason").orElse("");
    rule.optionalString("fix");
    return new RuleMatch(id.orElse(rule.path()), layer.name, at, effect, reason);
  }
}
