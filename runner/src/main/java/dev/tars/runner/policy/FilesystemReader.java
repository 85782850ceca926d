package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.yaml.YamlMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The {@code filesystem} section. */
final class FilesystemReader {
  private static final List<String> NUMBERS = List.of("filesChanged", "linesAdded", "linesRemoved");
  private final PolicyLayer layer;
  private final PolicyReader reader;

  FilesystemReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void read(YamlMap map) {
    map.optionalWord("default", List.of("deny"));
    boolean decides =
        map.has("default") || map.has("write") || map.has("ask") || map.has("protect");
    layer.decidesWrites |= decides;
    for (YamlMap rule : map.maps("read")) {
      readRule(rule);
    }
    for (YamlMap rule : map.maps("hide")) {
      layer.hideRules.add(rule(rule, Effect.DENY).withDirectories().inAnySpelling());
    }
    if (map.has("scratch") && !layer.trusted) {
      map.problem(
          "scratch",
          "the workspace cannot say what is left out of verification",
          "put scratch paths into a policy outside the workspace");
    }
    for (YamlMap rule : map.maps("scratch")) {
      layer.scratchRules.add(rule(rule, Effect.ALLOW).withDirectories());
    }
    for (YamlMap rule : map.maps("write")) {
      PathRule allow = rule(rule, Effect.ALLOW);
      refuseUnreachable(rule, allow);
      layer.writeRules.add(allow);
    }
    for (YamlMap rule : map.maps("ask")) {
      layer.writeRules.add(rule(rule, Effect.ASK).withDirectories().inAnySpelling());
    }
    for (YamlMap rule : map.maps("protect")) {
      layer.writeRules.add(rule(rule, Effect.DENY).withDirectories().inAnySpelling());
    }
    map.optionalMap("symlinks").ifPresent(this::symlinks);
    map.optionalMap("limits").ifPresent(this::limits);
    map.closed();
  }

  /** Everything that is not hidden is readable; a narrower list would have to hide the rest. */
  private void readRule(YamlMap rule) {
    reader.match(rule, Effect.ALLOW);
    List<String> paths = rule.strings("paths");
    if (!paths.equals(List.of("**"))) {
      rule.problem(
          "paths",
          "only reading everything ('**') can be enforced",
          "use filesystem.hide for what a box must not see");
    }
    rule.closed();
  }

  private PathRule rule(YamlMap rule, Effect effect) {
    RuleMatch match = reader.match(rule, effect);
    List<Glob> globs = reader.globs(rule, "paths");
    if (globs.isEmpty() && !rule.has("paths")) {
      rule.problem(
          "paths", rule.path() + " has no paths, so it can never apply", "add 'paths: [...]'");
    } else if (globs.isEmpty() && rule.problems().isEmpty()) {
      rule.problem(
          "paths", rule.path() + ".paths is empty, so it can never apply", "add a pattern");
    }
    List<Glob> except = reader.globs(rule, "except");
    Set<FileOperation> operations = operations(rule);
    String approval = effect == Effect.ASK ? rule.optionalString("approval").orElse("") : "";
    if (!approval.isEmpty()) {
      layer.approvalsNamed.add(new PolicyLayer.Placed<>(approval, rule.position("approval")));
    }
    PathRule result = new PathRule(match, globs, List.of(), except, operations, approval);
    boolean narrows = effect != Effect.ALLOW;
    rule.optionalMap("examples")
        .ifPresent(examples ->
            examples(examples, narrows ? result.withDirectories().inAnySpelling() : result));
    rule.closed();
    return result;
  }

  /** What the limits in code forbid, no rule can allow. */
  private static void refuseUnreachable(YamlMap map, PathRule rule) {
    for (Glob glob : rule.globs()) {
      for (List<GlobComponent> pattern : glob.alternatives()) {
        boolean ours =
            pattern.getFirst().literal().filter(b -> b.equals(Bytes.utf8(".tars"))).isPresent();
        boolean git =
            pattern.stream().anyMatch(c -> c.literal().filter(HardLimits::isGit).isPresent());
        if (git || ours) {
          map.problem(
              "paths",
              glob.text()
                  + " can never apply: "
                  + (git ? "git's" : "tarscli's")
                  + " own files are never written",
              "take the pattern out");
        }
      }
    }
  }

  private static Set<FileOperation> operations(YamlMap rule) {
    if (!rule.has("operations")) {
      return EnumSet.allOf(FileOperation.class);
    }
    Set<FileOperation> operations = EnumSet.noneOf(FileOperation.class);
    for (YamlMap.Placed word : rule.placedStrings("operations")) {
      switch (word.text()) {
        case "create", "modify", "delete" ->
            operations.add(FileOperation.valueOf(word.text().toUpperCase(Locale.ROOT)));
        case "rename" -> {
          operations.add(FileOperation.CREATE);
          operations.add(FileOperation.DELETE);
        }
        default ->
            rule.problems()
                .add(
                    word.at(),
                    "unknown operation '" + word.text() + "'",
                    "use create, modify, delete or rename");
      }
    }
    if (operations.isEmpty()) {
      rule.problem(
          "operations",
          "no operation, so the rule can never apply",
          "name one, or take 'operations' out");
    }
    return operations;
  }

  /** Examples are checked at every load: a rule that does not do what it says is an error. */
  static void examples(YamlMap examples, PathRule rule) {
    for (YamlMap.Placed path : examples.placedStrings("match")) {
      check(examples, path, rule, true);
    }
    for (YamlMap.Placed path : examples.placedStrings("noMatch")) {
      check(examples, path, rule, false);
    }
    examples.closed();
  }

  private static void check(YamlMap examples, YamlMap.Placed path, PathRule rule, boolean wanted) {
    try {
      if (rule.matches(RelativePath.of(path.text())) != wanted) {
        examples
            .problems()
            .add(
                path.at(),
                "the example does " + (wanted ? "not match" : "match") + " the rule",
                "correct the rule or the example");
      }
    } catch (IllegalArgumentException e) {
      examples.problems().add(path.at(), String.valueOf(e.getMessage()), "write a relative path");
    }
  }

  private void symlinks(YamlMap map) {
    map.optionalWord("create", List.of("deny", "ask", "allow"))
        .ifPresent(w -> layer.effects.put("symlinks", effect(w)));
    map.optionalWord("follow", List.of("inside-workspace"));
    map.closed();
  }

  static Effect effect(String word) {
    return Effect.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private void limits(YamlMap map) {
    ResourcesReader numbers = new ResourcesReader(layer);
    for (String key : NUMBERS) {
      numbers.count(map, "filesystem.limits.", key);
    }
    numbers.count(map, "filesystem.limits.", "pathLength");
    numbers.count(map, "filesystem.limits.", "depth");
    numbers.bytes(map, "filesystem.limits.", "fileSize");
    numbers.bytes(map, "filesystem.limits.", "totalSize");
    map.closed();
  }
}
