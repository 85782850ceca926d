package dev.tars.runner.plan;

import dev.tars.runner.model.Escape;
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
  private static final int MAX_OUTPUTS = 16;
  private static final int MAX_PARAMS = 64;
  private static final int MAX_PARAM = 4096;
  private static final int MAX_TEXT = 2000;

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
          case FILE_BACKUP -> Optional.of(new StepAction.BackupFiles(files(map)));
          case FILE_RESTORE ->
              Optional.of(
                  new StepAction.RestoreFiles(map.string("from"), Values.paths(map, "files")));
          case COMPILATION, TEST_EXECUTION, COMMAND_EXECUTION -> command(type, map);
          case VALIDATION -> Optional.of(new StepAction.RunChecks(CheckReader.checks(map)));
          case NOTIFICATION ->
              Optional.of(new StepAction.Notify(map.string("channel"), text(map, "message")));
          case APPROVAL ->
              Optional.of(
                  new StepAction.Approve(
                      map.optionalString("rule").orElse(""),
                      map.has("message") ? text(map, "message") : ""));
          case ROLLBACK -> Optional.of(rollBack(map));
          case OTHER -> Optional.of(new StepAction.Handle(map.string("handler"), params(map)));
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
    List<String> filtered = type == StepType.TEST_EXECUTION ? filtered(argv, map) : argv;
    return Optional.of(
        new StepAction.RunCommand(filtered, cwd, environment(map), reports, outputs(map)));
  }

  /** The command narrowed to some tests, if a filter is given. */
  private static List<String> filtered(List<String> argv, YamlMap map) {
    Optional<String> filter = map.optionalString("filter");
    if (filter.isEmpty() || argv.isEmpty()) {
      return argv;
    }
    Optional<String> flaw = TestFilter.flaw(filter.get());
    if (flaw.isPresent()) {
      map.problem("filter", flaw.get(), "name the tests by a pattern of their tool");
      return argv;
    }
    Optional<List<String>> lowered = TestFilter.lower(argv, filter.get());
    if (lowered.isEmpty()) {
      map.problem(
          "filter",
          "how this command's tool takes a filter is not known",
          "leave filter out, and write the tool's own option into argv");
    }
    return lowered.orElse(argv);
  }

  private static List<RelativePath> outputs(YamlMap map) {
    List<RelativePath> outputs = Values.paths(map, "outputs");
    if (outputs.size() > MAX_OUTPUTS) {
      map.problem("outputs", "more than " + MAX_OUTPUTS + " outputs", "name fewer");
    }
    return outputs;
  }

  private static List<RelativePath> files(YamlMap map) {
    List<RelativePath> files = Values.paths(map, "files");
    if (files.isEmpty()) {
      map.problem("files", "no files are named", "write files: [path, …]");
    }
    return files;
  }

  private static StepAction rollBack(YamlMap map) {
    boolean step = map.optionalWord("scope", List.of("plan", "step")).equals(Optional.of("step"));
    Optional<String> named = map.optionalString("step");
    if (step != named.isPresent()) {
      map.problem(
          "scope",
          step ? "scope: step names no step" : "a step is named, but the scope is the plan",
          "write { scope: step, step: ID }, or { scope: plan }");
    }
    return new StepAction.RollBack(
        step ? StepAction.RollBack.Scope.STEP : StepAction.RollBack.Scope.PLAN, named);
  }

  /** A text for people, of bounded length. */
  private static String text(YamlMap map, String key) {
    String text = map.string(key);
    if (text.length() > MAX_TEXT || (text.isBlank() && map.has(key))) {
      map.problem(
          key, key + " must have 1 to " + MAX_TEXT + " characters", "write a sentence or two");
    }
    return text;
  }

  private static Map<String, String> params(YamlMap map) {
    Map<String, String> params = texts(map, "params");
    if (params.size() > MAX_PARAMS) {
      map.problem("params", "more than " + MAX_PARAMS + " parameters", "give fewer");
    }
    params.forEach((name, value) -> {
      if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,63}")) {
        map.problem(
            "params",
            "not a parameter's name: " + Escape.line(name),
            "use letters, digits, '_' and '-'");
      }
      if (value.length() > MAX_PARAM || value.indexOf('\0') >= 0) {
        map.problem(
            "params",
            "the value of " + Escape.line(name) + " is too long or holds a NUL",
            "give at most " + MAX_PARAM + " characters");
      }
    });
    return params;
  }

  private static Map<String, String> environment(YamlMap map) {
    Map<String, String> environment = texts(map, "env");
    environment.forEach((name, value) -> {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*") || value.indexOf('\0') >= 0) {
        map.problem("env", "not a variable: " + Escape.line(name), "use letters, digits and '_'");
      }
    });
    return environment;
  }

  private static Map<String, String> texts(YamlMap map, String key) {
    Map<String, String> result = new LinkedHashMap<>();
    map.optionalMap(key)
        .ifPresent(m -> {
          for (String name : m.names()) {
            m.optionalString(name).ifPresent(value -> result.put(name, value));
          }
        });
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
