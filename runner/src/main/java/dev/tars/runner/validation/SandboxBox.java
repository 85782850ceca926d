package dev.tars.runner.validation;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.validation.syntax.ParserBox;
import dev.tars.runner.workspace.Layer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Runs the jobs of a clean room in the sandbox. */
public final class SandboxBox implements LayeredCleanRoom.Box {
  private final Sandbox sandbox;
  private final Setting setting;
  private final Logs logs;
  private final BooleanSupplier cancelled;

  /**
   * What every gate of a run shares.
   *
   * @param env what the policy sets
   * @param context for example {@code CTX-12}
   */
  public record Setting(
      Sandbox.ImageFacts image,
      ResourceLimits limits,
      Map<String, String> env,
      String context,
      Caches caches) {
    public Setting {
      env = Map.copyOf(env);
    }
  }

  /** Makes fresh layers on the imported caches. */
  @FunctionalInterface
  public interface Caches {
    /** A policy without caches. */
    Caches NONE = () -> new Fresh(List.of(), () -> {});

    /** Layers that nobody wrote to yet; {@link Fresh#close} removes them. */
    Fresh fresh();
  }

  /** Cache layers of one job. */
  public record Fresh(List<LayerMount> mounts, Runnable remove) implements AutoCloseable {
    public Fresh {
      mounts = List.copyOf(mounts);
    }

    @Override
    public void close() {
      remove.run();
    }
  }

  /** Takes what gates print. */
  @FunctionalInterface
  public interface Logs {
    /** Nothing is kept. */
    Logs NONE = job -> (stream, bytes, offset, length) -> {};

    OutputSink of(CleanRoom.Job job);
  }

  public SandboxBox(Sandbox sandbox, Setting setting, Logs logs, BooleanSupplier cancelled) {
    this.sandbox = sandbox;
    this.setting = setting;
    this.logs = logs;
    this.cancelled = cancelled;
  }

  @Override
  public SandboxOutcome run(Layer layer, CleanRoom.Job job, OutputSink printed) {
    try (LayeredCleanRoom.Ready ready = ready(layer, job)) {
      return ready.run(printed);
    }
  }

  @Override
  public SandboxOutcome parse(LayerMount files, ParserBox.Job job, OutputSink sink) {
    SandboxSpec spec =
        SandboxSpecs.alone(
            setting.image(),
            files,
            setting.limits(),
            new SandboxSpecs.Command(
                job.argv(),
                RelativePath.ROOT,
                Map.of(),
                job.timeout(),
                new SandboxSpec.Owner(setting.context(), "syntax")));
    return sandbox.run(spec, sink, cancelled);
  }

  @Override
  public LayeredCleanRoom.Ready ready(Layer layer, CleanRoom.Job job) {
    Fresh caches = setting.caches().fresh();
    SandboxSpec spec =
        SandboxSpecs.lower(
            new SandboxSpecs.Room(
                setting.image(), layer, caches.mounts(), setting.limits(), setting.env()),
            new SandboxSpecs.Command(
                job.argv(),
                RelativePath.ROOT,
                Map.of(),
                job.timeout(),
                new SandboxSpec.Owner(
                    setting.context(), "gate:" + job.gate() + ":" + job.phase())));
    sandbox.prepare(spec);
    return new LayeredCleanRoom.Ready() {
      @Override
      public SandboxOutcome run(OutputSink printed) {
        OutputSink log = logs.of(job);
        OutputSink both =
            (stream, bytes, offset, length) -> {
              log.write(stream, bytes, offset, length);
              printed.write(stream, bytes, offset, length);
            };
        return sandbox.run(spec, both, cancelled);
      }

      @Override
      public void close() {
        caches.close();
      }
    };
  }

  @Override
  public void emptyWork(Path work) {
    sandbox.emptyWork(work);
  }
}
