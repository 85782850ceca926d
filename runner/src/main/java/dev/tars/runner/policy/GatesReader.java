package dev.tars.runner.policy;

import dev.tars.runner.yaml.YamlMap;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The sections {@code validation}, {@code testIntegrity} and {@code promotion}. */
final class GatesReader {
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  private final PolicyLayer layer;
  private final PolicyReader reader;

  GatesReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void validation(YamlMap map) {
    map.optionalBool("cleanRoom")
        .filter(on -> !on)
        .ifPresent(v ->
            map.problem("cleanRoom", "gates always run in a clean room", "write cleanRoom: true"));
    map.optionalWord("onFailure", List.of("stop"));
    int reruns = map.optionalInt("reruns", 0, 5).orElse(0);
    layer.validateOptional = map.optionalBool("optional").or(() -> layer.validateOptional);
    for (YamlMap gate : map.maps("gates")) {
      gate(gate, reruns).ifPresent(g -> layer.gates.put(g.id(), g));
    }
    map.closed();
  }

  private Optional<Gate> gate(YamlMap map, int reruns) {
    String id = map.string("id");
    if (!id.isEmpty() && !id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
      map.problem("id", "a gate's id has letters, digits, '.', '_' and '-'", "choose another id");
    }
    Optional<String> type =
        map.optionalWord(
            "type", List.of("Compilation", "CommandExecution", "TestExecution", "Expression"));
    if (type.isEmpty() && !map.has("type")) {
      map.string("type");
    }
    Duration timeout = map.optionalDuration("timeout", MAX_TIMEOUT).orElse(TIMEOUT);
    List<String> argv = map.strings("argv");
    Optional<Gate> gate =
        type.map(t ->
            switch (t) {
              case "TestExecution" -> tests(map, id, argv, timeout, reruns);
              case "Expression" -> expression(map, id);
              default ->
                  new Gate.Command(
                      id,
                      t.equals("Compilation")
                          ? Gate.Command.Kind.COMPILATION
                          : Gate.Command.Kind.COMMAND,
                      argv,
                      timeout,
                      map.position());
            });
    if (argv.isEmpty() && !type.equals(Optional.of("Expression"))) {
      map.problem("argv", "the gate has no command", "add argv: [program, argument, …]");
    }
    map.closed();
    return id.isEmpty() ? Optional.empty() : gate;
  }

  private Gate tests(YamlMap map, String id, List<String> argv, Duration timeout, int reruns) {
    List<Glob> reports = reader.globs(map, "reports");
    if (reports.isEmpty()) {
      map.problem(
          "reports",
          "the gate names no report files, so no test could be seen",
          "add reports: [\"…/*.xml\"]");
    }
    return new Gate.Tests(
        id,
        argv,
        reports,
        map.optionalInt("minTests", 1, 1_000_000).orElse(1),
        map.optionalInt("maxFailures", 0, 1_000_000).orElse(0),
        map.optionalInt("reruns", 0, 5).orElse(reruns),
        timeout,
        map.position());
  }

  private static Gate expression(YamlMap map, String id) {
    String cel = map.string("cel");
    map.problem(
        "cel",
        "Expression gates cannot be evaluated yet, so they are refused",
        "take the gate out");
    return new Gate.Expression(id, cel, map.optionalString("message").orElse(""), map.position());
  }

  void tests(YamlMap map) {
    List<Glob> paths = reader.globs(map, "paths");
    boolean required =
        map.optionalWord("baseline", List.of("required", "optional"))
            .orElse("required")
            .equals("required");
    int vanish = map.optionalInt("testsMayDisappear", 0, 1_000_000).orElse(0);
    int skipped = map.optionalInt("skippedMayGrow", 0, 1_000_000).orElse(0);
    List<String> forbid = map.strings("forbidNew");
    if (map.has("lockedConfiguration")) {
      map.problem(
          "lockedConfiguration",
          "lockedConfiguration cannot be enforced yet, so it is refused",
          "protect the file, or ask for an approval");
    }
    map.closed();
    layer.tests = Optional.of(new TestIntegrity(paths, required, vanish, skipped, forbid));
  }

  static void promotion(YamlMap map, PolicyLayer layer) {
    String base = map.optionalWord("requireBase", List.of("tree", "paths")).orElse("tree");
    String target = map.optionalWord("target", List.of("worktree")).orElse("worktree");
    String drift = map.optionalWord("onDrift", List.of("fail")).orElse("fail");
    boolean optional =
        map.optionalWord("backup", List.of("always")).orElse("always").equals("optional");
    List<String> after = map.strings("afterCheck");
    if (!after.isEmpty()) {
      map.problem(
          "afterCheck", "an after-check cannot be run yet, so it is refused", "take it out");
    }
    map.closed();
    layer.promotion =
        Optional.of(
            new PromotionRules(
                PromotionRules.RequireBase.valueOf(base.toUpperCase(Locale.ROOT)),
                target.equals("worktree")
                    ? PromotionRules.Target.WORKTREE
                    : PromotionRules.Target.PATCH_FILE,
                PromotionRules.OnDrift.valueOf(drift.toUpperCase(Locale.ROOT)),
                optional,
                after));
  }
}
