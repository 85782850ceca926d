package dev.tars.runner.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Facts as CEL sees them: maps of the fields that {@link Types} declares, numbers as 64 bits. */
final class CelValues {
  private CelValues() {}

  static Object of(Facts.Actor actor) {
    return Map.of("user", actor.user(), "kind", actor.kind().name().toLowerCase(Locale.ROOT));
  }

  static Object of(Facts.Run run) {
    Map<String, Object> steps = new LinkedHashMap<>();
    run.steps()
        .forEach((id, step) ->
            steps.put(
                id,
                Map.of(
                    "result",
                    step.result(),
                    "exitCode",
                    (long) step.exitCode(),
                    "millis",
                    step.millis())));
    return Map.of("steps", steps, "dryRun", run.dryRun());
  }

  static Object of(Facts.Change change) {
    List<Object> files = change.files().stream().<Object>map(CelValues::of).toList();
    return Map.of(
        "files", files,
        "directories", change.directories(),
        "linesAdded", change.linesAdded(),
        "linesRemoved", change.linesRemoved(),
        "totalSize", change.totalSize());
  }

  private static Object of(Facts.File file) {
    return Map.of(
        "path", file.path(),
        "operation", file.operation(),
        "kind", file.kind(),
        "size", file.size(),
        "mode", file.mode(),
        "binary", file.binary(),
        "linesAdded", file.linesAdded(),
        "linesRemoved", file.linesRemoved());
  }

  static Object gates(Map<String, Facts.Gate> gates) {
    Map<String, Object> all = new LinkedHashMap<>();
    gates.forEach(
        (id, gate) -> all.put(id, Map.of("result", gate.result(), "millis", gate.millis())));
    return all;
  }

  static Object of(Facts.Tests tests) {
    return Map.of(
        "run", tests.run(),
        "failed", tests.failed(),
        "skipped", tests.skipped(),
        "fixed", tests.fixed(),
        "broken", tests.broken(),
        "vanished", tests.vanished());
  }

  static Object of(Facts.Verdict verdict) {
    List<Object> findings =
        verdict.findings().stream()
            .<Object>map(f ->
                Map.of(
                    "rule", f.rule(),
                    "severity", f.severity(),
                    "path", f.path(),
                    "message", f.message()))
            .toList();
    return Map.of("result", verdict.result(), "findings", findings);
  }

  /**
   * {@code json} is the first declared output; it is missing where that is not JSON, so that a
   * condition which names it has no value.
   */
  static Object of(Facts.Output output) {
    Map<String, Object> files = new LinkedHashMap<>();
    output
        .files()
        .forEach((path, text) -> {
          Map<String, Object> file = new LinkedHashMap<>();
          file.put("text", text);
          BoundedJson.parse(text).ifPresent(json -> file.put("json", json));
          files.put(path, file);
        });
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("exitCode", (long) output.exitCode());
    value.put("text", output.text());
    value.put("files", files);
    output.declared().stream()
        .findFirst()
        .map(output.files()::get)
        .flatMap(BoundedJson::parse)
        .ifPresent(json -> value.put("json", json));
    return value;
  }
}
