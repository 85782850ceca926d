package dev.tars.runner.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The values of variables. Each is made when a condition first names it, and then kept, so that a
 * condition that names no change never reads one.
 */
public final class Facts {
  private final Map<String, Supplier<Object>> suppliers = new HashMap<>();
  private final Map<String, Object> made = new HashMap<>();

  /** Who acts, as the operating system and the policy say. */
  public record Actor(String user, Kind kind) {
    /** What kind of user it is. */
    public enum Kind {
      HUMAN,
      AGENT
    }
  }

  /** What ran so far, by step id. */
  public record Run(Map<String, Step> steps, boolean dryRun) {
    public Run {
      steps = Map.copyOf(steps);
    }
  }

  /**
   * @param exitCode of its command; -1 if it had none or did not exit by itself
   */
  public record Step(String result, int exitCode, long millis) {}

  /**
   * @param directories paths of directories that were made, changed or removed
   */
  public record Change(
      List<File> files,
      List<String> directories,
      long linesAdded,
      long linesRemoved,
      long totalSize) {
    public Change {
      files = List.copyOf(files);
      directories = List.copyOf(directories);
    }
  }

  /**
   * One file or link of a change set.
   *
   * @param operation create, modify or delete
   * @param kind file or symlink
   * @param size in bytes, afterwards; 0 if it is gone
   * @param mode three octal digits; empty for a link
   */
  public record File(
      String path,
      String operation,
      String kind,
      long size,
      String mode,
      boolean binary,
      long linesAdded,
      long linesRemoved) {}

  /** How a gate ended. */
  public record Gate(String result, long millis) {}

  /** Tests of all gates together. */
  public record Tests(
      long run, long failed, long skipped, long fixed, long broken, long vanished) {}

  /** A finding of the verdict. */
  public record Finding(String rule, String severity, String path, String message) {}

  /** What the host holds of the change set. */
  public record Verdict(String result, List<Finding> findings) {
    public Verdict {
      findings = List.copyOf(findings);
    }
  }

  /**
   * What a command left.
   *
   * @param text the end of what it printed
   * @param files declared outputs that exist, by path; JSON is parsed only from bounded text
   */
  public record Output(
      int exitCode, String text, Map<String, String> files, List<String> declared) {
    public Output {
      files = Map.copyOf(files);
      declared = List.copyOf(declared);
    }
  }

  public Facts actor(Actor actor) {
    return put("actor", () -> CelValues.of(actor));
  }

  public Facts run(Supplier<Run> run) {
    return put("run", () -> CelValues.of(run.get()));
  }

  public Facts change(Supplier<Change> change) {
    return put("change", () -> CelValues.of(change.get()));
  }

  public Facts gates(Map<String, Gate> gates) {
    return put("gates", () -> CelValues.gates(gates));
  }

  public Facts tests(Tests tests) {
    return put("tests", () -> CelValues.of(tests));
  }

  public Facts verdict(Verdict verdict) {
    return put("verdict", () -> CelValues.of(verdict));
  }

  public Facts output(Supplier<Output> output) {
    return put("output", () -> CelValues.of(output.get()));
  }

  private Facts put(String name, Supplier<Object> value) {
    suppliers.put(name, value);
    return this;
  }

  Optional<Object> find(String name) {
    Object value = made.get(name);
    if (value != null) {
      return Optional.of(value);
    }
    Optional<Object> fresh = Optional.ofNullable(suppliers.get(name)).map(Supplier::get);
    fresh.ifPresent(v -> made.put(name, v));
    return fresh;
  }
}
