package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** Where the file lies; empty if it is no file of its own. */
  private final Optional<Path> directory;

  private final Map<String, List<String>> variables = new TreeMap<>();
  private final Set<String> usedVariables = new HashSet<>();

  PolicyReader(PolicyLayer layer, YamlMap top, Optional<Path> directory) {
    this.layer = layer;
    this.top = top;
    this.directory = directory;
  }

  void read() {
    requireWord("apiVersion", API);
    requireWord("kind", "PermissionPolicy");
    top.optionalMap("metadata").ifPresent(this::metadata);
    top.optionalMap("variables").ifPresent(this::variables);
    top.optionalMap("filesystem").ifPresent(m -> new FilesystemReader(layer, this).read(m));
    top.optionalMap("files").ifPresent(m -> new FilesReader(layer, this).read(m));
    top.optionalMap("processes").ifPresent(m -> new ProcessesReader(layer, this).read(m));
    top.optionalMap("environment").ifPresent(m -> EnvironmentReader.read(m, layer));
    top.optionalMap("network").ifPresent(m -> new NetworkReader(layer, this).read(m));
    top.optionalMap("resources").ifPresent(m -> new ResourcesReader(layer).resources(m));
    top.optionalMap("runtime").ifPresent(m -> new ResourcesReader(layer).runtime(m));
    new ResourcesReader(layer).caches(top.maps("caches"));
    top.optionalMap("validation").ifPresent(m -> new GatesReader(layer, this).validation(m));
    top.optionalMap("testIntegrity").ifPresent(m -> new GatesReader(layer, this).tests(m));
    new ApprovalReader(layer).read(top);
    new ChannelsReader(layer).read(top);
    new TrustReader(layer).read(top);
    top.optionalMap("promotion").ifPresent(m -> GatesReader.promotion(m, layer));
    RecordsReader records = new RecordsReader(layer);
    records.read(top);
    records.tests(top, directory);
    top.optionalMap("requires").ifPresent(PolicyReader::requires);
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

  /** An id names one rule of a layer, or nobody could say which rule decided. */
  void claim(YamlMap rule, String id) {
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      rule.problem("id", "an id has letters, digits, '.', '_' and '-'", "choose another id");
    }
    SourcePosition first = layer.ids.putIfAbsent(id, rule.position("id"));
    if (first != null) {
      rule.problem("id", "the id '" + id + "' is taken, at " + first, "choose another id");
    }
  }

  private void requireWord(String key, String word) {
    if (top.optionalWord(key, List.of(word)).isEmpty() && !top.has(key)) {
      top.string(key);
    }
  }

  private void metadata(YamlMap map) {
    layer.metadata =
        Optional.of(
            new Metadata(
                map.string("name"),
                map.optionalString("version").orElse(""),
                map.optionalString("description").orElse(""),
                map.strings("owners")));
    map.closed();
  }

  private static void requires(YamlMap map) {
    Optional<YamlMap.Placed> range = map.placedString("tarscli");
    if (range.isEmpty() && !map.has("tarscli")) {
      map.string("tarscli");
    }
    range.ifPresent(r -> {
      try {
        if (!ToolVersion.fits(ToolVersion.CURRENT, r.text())) {
          map.problems()
              .add(
                  r.at(),
                  "the policy is for tarscli "
                      + Escape.line(r.text())
                      + "; this is "
                      + ToolVersion.CURRENT,
                  "use a tarscli that it is made for");
        }
      } catch (IllegalArgumentException e) {
        map.problems().add(r.at(), String.valueOf(e.getMessage()), "correct it");
      }
    });
    map.closed();
  }

  private void variables(YamlMap map) {
    for (String name : map.names()) {
      List<YamlMap.Placed> values = map.placedStrings(name);
      variables.put(name, values.stream().map(YamlMap.Placed::text).toList());
      if (!name.matches("[A-Za-z0-9_.-]+")) {
        map.problem(name, "a variable's name has letters, digits, '.', '_', '-'", "rename it");
      }
      if (values.isEmpty()) {
        map.problem(name, "the variable " + Escape.line(name) + " is empty", "fill it");
      }
      values.stream()
          .filter(v -> v.text().contains("${"))
          .forEach(v ->
              map.problems().add(v.at(), "a variable cannot stand in a variable", "write it out"));
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
    if (!text.contains("${")) {
      return List.of(text);
    }
    if (!text.matches("\\$\\{[A-Za-z0-9_.-]+}")) {
      map.problems()
          .add(
              placed.at(),
              "a variable stands for a whole entry of a list, not for a part of it",
              "write \"${name}\" alone, and the patterns in full below 'variables:'");
      return List.of();
    }
    String name = text.substring(2, text.length() - 1);
    usedVariables.add(name);
    List<String> values = variables.get(name);
    if (values == null) {
      map.problems()
          .add(
              placed.at(),
              "there is no variable " + name,
              Nearest.of(name, variables.keySet())
                  .map(n -> "did you mean '" + n + "'?")
                  .orElse("define it below 'variables:'"));
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
    String fix = rule.optionalString("fix").orElse("");
    return new RuleMatch(id.orElse(rule.path()), layer.name, at, effect, reason, fix);
  }

  /** The approval rule that an asking rule names; empty means any approver. */
  String approval(YamlMap rule) {
    Optional<YamlMap.Placed> named = rule.placedString("approval");
    named.ifPresent(n -> layer.approvalsNamed.add(new PolicyLayer.Placed<>(n.text(), n.at())));
    return named.map(YamlMap.Placed::text).orElse("");
  }
}
