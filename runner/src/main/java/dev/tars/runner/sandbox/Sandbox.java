package dev.tars.runner.sandbox;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Runs commands in boxes. One command is one box; no process outlives it. */
public interface Sandbox extends AutoCloseable {

  /**
   * The id of an image that the policy names, after checking that it may be used.
   *
   * @throws dev.tars.runner.model.RunnerException IMAGE_MISSING, IMAGE_REFUSED, ENGINE_UNREACHABLE
   */
  ImageFacts image(String reference);

  /**
   * Says that {@link #image} is asked soon, so that an engine may look it up meanwhile. Returns at
   * once; what fails is reported by {@link #image}.
   */
  default void expect(String reference) {}

  /**
   * Makes the box of a command that is run soon, while the caller does something else. It is made
   * and never started: its layers may still be written. {@link #run} with an equal spec starts it;
   * {@link #close} removes one that was not needed. Returns at once; what fails is reported by
   * {@link #run}.
   */
  default void prepare(SandboxSpec spec) {}

  /**
   * Runs one command to its end. When this returns, no process of the box is left and no layer is
   * mounted; what the engine keeps of it is removed by the time {@link #close} returns.
   *
   * @param cancelled asked several times a second
   * @throws dev.tars.runner.model.RunnerException if the engine cannot do it or is lost
   */
  SandboxOutcome run(SandboxSpec spec, OutputSink sink, BooleanSupplier cancelled);

  /** What is in force between a box and the host, and what is missing, for the evidence. */
  Isolation isolation();

  /**
   * Makes sure, once for an engine, image and limits, that a box is as closed as it must be and
   * that the engine sees this machine's layers.
   *
   * @return what is in force, for the evidence
   * @throws dev.tars.runner.model.RunnerException ISOLATION_DIFFERS, ENGINE_UNSUITABLE
   */
  Isolation prove(ImageFacts image, dev.tars.runner.policy.ResourceLimits limits);

  /**
   * Begins to open the way to what a table allows, for boxes that join it. Returns at once.
   *
   * @throws dev.tars.runner.model.RunnerException POLICY_UNSUPPORTED if boxes of this kind cannot
   *     be kept to a table
   */
  default NetworkWay open(EgressTable table, SandboxSpec.Owner owner) {
    throw RunnerException.of(
            FailureCode.POLICY_UNSUPPORTED,
            "the policy lets a box reach the network, and this sandbox cannot keep it to that")
        .note("nothing has run")
        .help("use a Docker engine, or take network.allow out");
  }

  /** Empties an overlay work directory that belongs to the kernel. */
  void emptyWork(java.nio.file.Path work);

  /** Removes what dead runs of this state directory left. Returns what was removed. */
  List<String> sweep(boolean dryRun);

  @Override
  void close();

  /**
   * @param id {@code sha256:…}
   * @param uid user that commands run as
   */
  record ImageFacts(String id, String reference, int uid, int gid) {}

  /**
   * @param facts name to value, for example {@code seccomp} to {@code strict}
   * @param missing sentences on what this engine cannot give
   */
  record Isolation(java.util.Map<String, String> facts, List<String> missing) {
    public Isolation {
      facts = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(facts));
      missing = List.copyOf(missing);
    }
  }
}
