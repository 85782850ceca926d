package dev.tars.runner.run.bench;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.store.Disk;
import dev.tars.runner.store.FsStat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Examines what a run depends on. */
public final class Doctor {
  private static final long FLOOR = 1L << 30;

  private final Workbench bench;
  private final List<Check> checks = new ArrayList<>();
  private boolean broken;

  public Doctor(Workbench bench) {
    this.bench = bench;
  }

  /**
   * What was found.
   *
   * @param exitCode 0, or that of an engine or state directory that cannot be used
   */
  @PublicApi
  public record Diagnosis(List<Check> checks, int exitCode) {
    public Diagnosis {
      checks = List.copyOf(checks);
    }
  }

  /**
   * One thing that was looked at.
   *
   * @param result {@code ok}, {@code warning} or {@code broken}
   * @param id a word for the thing
   * @param fix what to do; empty if nothing
   */
  @PublicApi
  public record Check(String result, String id, String found, String fix) {}

  public Diagnosis examine() {
    if (!stateDirectory()) {
      return new Diagnosis(checks, FailureCode.CONFIG_INVALID.exitCode());
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
    return new Diagnosis(checks, broken ? FailureCode.ENGINE_UNREACHABLE.exitCode() : 0);
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
    checks.add(new Check(result, id, found, fix));
  }
}
