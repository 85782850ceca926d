package dev.tars.runner.plan;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Glob;
import dev.tars.runner.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code action} of a step; which keys it has depends on the step's type. */
final class ActionReader {
  private static final int MAX_ARGUMENTS = 1000;
  private static final int MAX_ARGUMENT = 128 << 10;

  private final EditReader edits;

  ActionReader(BesideFiles beside) {
    this.edits = new EditReader(beside);
  }

  Optional<StepAction> read(StepType type, YamlMap map) {
    Optional<StepAction> action =
        switch (type) {
          case FILE_MODIFICATION ->
              Values.file(map).map(f -> new StepAction.EditFile(f, expect(map), edits.list(map)));
          case FILE_CREATION ->
              Values.file(map)
                  .map(f -> new StepAction.CreateFile(f, expect(map), edits.creation(map)));
          case FILE_DELETION ->
              Values.file(map).map(f -> new StepAction.DeleteFile(f, expect(map)));
          case FILE_BACKUP -> Optional.of(new StepAction.BackupFiles(Values.paths(map, "files")));
          case FILE_RESTORE ->
              Optional.of(
                  new StepAction.RestoreFiles(map.string("from"), Values.paths(map, "files")));
          case COMPILATION, TEST_EXECUTION, COMMAND_EXECUTION -> command(type, map);
          case VALIDATION -> Optional.of(new StepAction.RunChecks(CheckReader.checks(map)));
          case NOTIFICATION ->
              Optional.of(new StepAction.Notify(map.string("channel"), map.string("message")));
          case APPROVAL ->
              Optional.of(
                  new StepAction.Approve(
                      map.string("rule"), map.optionalString("message").orElse("")));
          case ROLLBACK ->
              Optional.of(
                  new StepAction.RollBack(
                      map.optionalWord("scope", List.of("plan", "step"))
                              .orElse("plan")
                              .equals("plan")
                          ? StepAction.RollBack.Scope.PLAN
                          : StepAction.RollBack.Scope.STEP));
          case OTHER ->
              Optional.of(new StepAction.Handle(map.string("handler"), texts(map, "params")));
        };
    map.closed();
    return action;
  }

  private static Optional<StepAction> command(StepType type, YamlMap map) {
    List<String> argv = map.strings("argv");
    if (argv.isEmpty() || argv.getFirst().isEmpty()) {
      map.problem("argv", "argv is missing or empty", "write argv: [program, argument, …]");
    }
    boolean bad =
        argv.size() > MAX_ARGUMENTS
            || argv.stream().anyMatch(a -> a.length() > MAX_ARGUMENT || a.indexOf('\0') >= 0);
    if (bad) {
      map.problem(
          "argv", "an argument is too long, holds a NUL, or there are too many", "shorten it");
    }
    RelativePath cwd =
        map.optionalString("cwd").filter("."::equals).isPresent()
            ? RelativePath.ROOT
            : Values.optionalPath(map, "cwd").orElse(RelativePath.ROOT);
    List<Glob> reports = type == StepType.TEST_EXECUTION ? Values.globs(map, "reports") : List.of();
    return Optional.of(
        new StepAction.RunCommand(
            argv, cwd, texts(map, "env"), reports, Values.paths(map, "outputs")));
  }

  private static Map<String, String> texts(YamlMap map, String key) {
    Map<String, String> result = new LinkedHashMap<>();
    map.optionalMap(key)
        .ifPresent(m -> {
          for (String name : m.names()) {
            m.optionalString(name).ifPresent(value -> result.put(name, value));
          }
        });
    if (key.equals("env")) {
      for (Map.Entry<String, String> e : result.entrySet()) {
        if (!e.getKey().matches("[A-Za-z_][A-Za-z0-9_]*") || e.getValue().indexOf('\0') >= 0) {
          map.problem(
              key,
              "not a variable: " + dev.tars.runner.model.Escape.line(e.getKey()),
              "use letters, digits and '_'");
        }
      }
    }
    return result;
  }

  private static StepAction.Expect expect(YamlMap map) {
    return map.optionalMap("expect")
        .map(m -> {
          StepAction.Expect expect =
              new StepAction.Expect(
                  m.optionalBool("exists"),
                  Values.digest(m, "sha256"),
                  m.optionalWord("lineEnding", List.of("lf", "crlf")));
          m.closed();
          return expect;
        })
        .orElse(StepAction.Expect.NOTHING);
  }
}
