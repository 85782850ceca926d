package dev.tars.runner.run.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FsStat;
import java.util.Optional;

/** Examines what a run depends on. */
public final class Doctor {
  private static final long FLOOR = 1L << 30;

  private final Workbench bench;
  private final ObjectNode document =
      JsonNodeFactory.instance.objectNode().put("schema", "tars.doctor/v1");
  private final ArrayNode checks = document.putArray("checks");
  private boolean broken;

  public Doctor(Workbench bench) {
    this.bench = bench;
  }

  /**
   * What was found, as {@code tars.doctor/v1}.
   *
   * @param exitCode 0, or that of an engine that cannot be used
   */
  public record Diagnosis(ObjectNode document, int exitCode) {}

  public Diagnosis examine() {
    if (!stateDirectory()) {
      return new Diagnosis(document, FailureCode.CONFIG_INVALID.exitCode());
    }
    try {
      Sandbox.Isolation isolation = bench.sandbox().get().isolation();
      isolation.facts().forEach((name, value) -> add("ok", name, value, ""));
      isolation
          .missing()
          .forEach(m ->
              add(
                  "warning",
                  "isolation",
                  m,
                  "use an engine that has it; docs/isolation.md says what it is worth"));
    } catch (RunnerException e) {
      bad("engine", e);
    }
    try {
      String image = bench.policies().load(Optional.empty()).image();
      Sandbox.ImageFacts facts = bench.sandbox().get().image(image);
      add("ok", "image", facts.reference() + " " + facts.id(), "");
    } catch (RunnerException e) {
      bad("image", e);
    }
    return new Diagnosis(document, broken ? FailureCode.ENGINE_UNREACHABLE.exitCode() : 0);
  }

  /** False if it cannot be used; nothing else can be examined then, for boxes are made in it. */
  private boolean stateDirectory() {
    try (Disk.Dir dir = bench.layout().disk().open(bench.layout().root())) {
      FsStat stat = bench.layout().disk().statfs(dir);
      boolean low = stat.freeBytes() < FLOOR;
      add(
          low ? "warning" : "ok",
          "state-dir",
          bench.layout().root() + ", " + stat.freeBytes() / (1 << 20) + " MiB free",
          low ? "make room, or name another one with --state-dir" : "");
      return true;
    } catch (RunnerException e) {
      String where = e.where().isEmpty() ? "" : e.where() + ": ";
      add("broken", "state-dir", where + e.getMessage(), e.help());
      return false;
    }
  }

  private void bad(String id, RunnerException e) {
    broken = true;
    add("broken", id, String.valueOf(e.getMessage()), e.help());
  }

  private void add(String result, String id, String found, String fix) {
    checks.addObject().put("result", result).put("id", id).put("found", found).put("fix", fix);
  }
}
