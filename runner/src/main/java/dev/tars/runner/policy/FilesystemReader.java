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
  private final PolicyLayer layer;
  private final PolicyReader reader;

  FilesystemReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void read(YamlMap map) {
    layer.sections.put("filesystem", map.position());
    layer.said.read(map, "filesystem");
    boolean decides =
        map.has("default") || map.has("write") || map.has("ask") || map.has("protect");
    layer.decidesWrites |= decides;
    if (map.has("read")) {
      layer.decidesReads = true;
      layer.sections.put("filesystem.read", map.keyPosition("read"));
    }
    for (YamlMap rule : map.maps("read")) {
      layer.readRules.add(rule(rule, Effect.ALLOW, false));
    }
    for (YamlMap rule : map.maps("hide")) {
      layer.hideRules.add(rule(rule, Effect.DENY, false).withDirectories().inAnySpelling());
    }
    if (map.has("scratch") && !layer.trusted) {
      map.problem(
          "scratch",
          "the workspace cannot say what is left out of verification",
          "put scratch paths into a policy outside the workspace");
    }
    for (YamlMap rule : map.maps("scratch")) {
      layer.scratchRules.add(rule(rule, Effect.ALLOW, false).withDirectories());
    }
    for (YamlMap rule : map.maps("write")) {
      PathRule allow = rule(rule, Effect.ALLOW, true);
      refuseUnreachable(rule, allow);
      layer.writeRules.add(allow);
    }
    for (YamlMap rule : map.maps("ask")) {
      PathRule ask = rule(rule, Effect.ASK, true);
      refuseUnreachable(rule, ask);
      layer.writeRules.add(ask.withDirectories().inAnySpelling());
    }
    for (YamlMap rule : map.maps("protect")) {
      layer.writeRules.add(rule(rule, Effect.DENY, true).withDirectories().inAnySpelling());
    }
    map.optionalMap("symlinks").ifPresent(m -> values(m, "filesystem.symlinks"));
    map.optionalMap("limits").ifPresent(m -> values(m, "filesystem.limits"));
    map.closed();
  }

  private PathRule rule(YamlMap rule, Effect effect, boolean onWrites) {
    RuleMatch match = reader.match(rule, effect);
    List<Glob> globs = reader.globs(rule, "paths");
    if (!rule.has("paths")) {
      rule.problem(
          "paths", rule.path() + " has no paths, so it can never apply", "add 'paths: [...]'");
    } else if (rule.placedStrings("paths").isEmpty()) {
      rule.problem(
          "paths", rule.path() + ".paths is empty, so it can never apply", "add a pattern");
    }
    List<Glob> except = reader.globs(rule, "except");
    if (rule.has("except") && rule.placedStrings("except").isEmpty()) {
      rule.problem("except", rule.path() + ".except is empty", "take it out, or fill it");
    }
    Set<FileOperation> operations =
        onWrites ? operations(rule) : EnumSet.allOf(FileOperation.class);
    String approval = effect == Effect.ASK ? reader.approval(rule) : "";
    PathRule result = new PathRule(match, globs, List.of(), except, operations, approval);
    boolean narrows = effect != Effect.ALLOW;
    RuleReach.requireExceptions(rule, result);
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

  private void values(YamlMap map, String section) {
    layer.said.read(map, section);
    map.closed();
  }
}
