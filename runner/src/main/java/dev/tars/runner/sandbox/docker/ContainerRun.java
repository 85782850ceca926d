package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.SyncDockerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.exception.NotModifiedException;
import com.github.dockerjava.api.model.WaitResponse;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.store.Disk;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One container from attach to removal. It is killed, never stopped: whoever is told to end has
 * time to do something else.
 */
final class ContainerRun {
  private static final long LOOK_EVERY_MILLIS = 100;
  private static final long DRAIN_SECONDS = 5;

  private final EngineClient engine;
  private final Disk disk;
  private final SandboxSpec spec;
  private final String id;

  ContainerRun(EngineClient engine, Disk disk, SandboxSpec spec, String id) {
    this.engine = engine;
    this.disk = disk;
    this.spec = spec;
    this.id = id;
  }

  /** Why the host ended it. */
  private enum Stop {
    NONE,
    DEADLINE,
    DISK,
    OUTPUT,
    CANCELLED
  }

  SandboxOutcome toTheEnd(OutputSink sink, BooleanSupplier cancelled) {
    LayerWatch watch = new LayerWatch(disk, spec.layers(), spec.limits(), this::deletedBytes);
    OutputCollector output = new OutputCollector(sink);
    try (output) {
      attach(output);
      long start = System.nanoTime();
      Optional<String> refused = start();
      if (refused.isPresent()) {
        return new SandboxOutcome.NotStarted(refused.get(), observed(output, Duration.ZERO));
      }
      Waiting waiting = new Waiting();
      engine.docker().waitContainerCmd(id).exec(waiting);
      StopReason reason = watchOver(waiting, watch, output, start, cancelled);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (reason.stop() == Stop.NONE) {
        drain(output);
      }
      return outcome(reason, output, elapsed, watch);
    } catch (java.io.IOException e) {
      throw engine.unreachable(e);
    }
  }

  private record StopReason(Stop stop, String why) {}

  private long deletedBytes() {
    long init = engine.container(id).at("/State/Pid").asLong();
    List<String> targets = spec.layers().stream().map(LayerMount::target).toList();
    return init == 0 ? 0 : new DeletedFiles(targets).bytes(init);
  }

  private void attach(OutputCollector output) {
    engine.run(
        "attach to the container",
        () -> {
          engine
              .docker()
              .attachContainerCmd(id)
              .withStdOut(true)
              .withStdErr(true)
              .withFollowStream(true)
              .exec(output);
          try {
            if (!output.awaitStarted(30, TimeUnit.SECONDS)) {
              throw lost("the engine did not let us attach to the container");
            }
          } catch (InterruptedException e) {
            throw interrupted();
          }
        });
  }

  /** A reason if the command cannot be started; that is the command's fault, not the engine's. */
  private Optional<String> start() {
    try {
      Object _ =
          engine.limited("start the container", () -> done(engine.docker().startContainerCmd(id)));
      return Optional.empty();
    } catch (DockerException e) {
      String message =
          Escape.answer(String.valueOf(e.getMessage()), EngineClient.MOST_OF_AN_ANSWER);
      if (isMountFailure(message)) {
        throw new LayerNotMounted(message, e);
      }
      return Optional.of(message);
    } catch (RunnerException | LayerNotMounted e) {
      throw e;
    } catch (RuntimeException e) {
      throw EngineClient.isConnection(e) ? engine.unreachable(e) : e;
    }
  }

  private static boolean done(SyncDockerCmd<Void> command) {
    command.exec();
    return true;
  }

  /** What the command is called stands in the engine's message too, but behind {@code exec: "}. */
  static boolean isMountFailure(String message) {
    int command = message.indexOf("exec: \"");
    String ours = command < 0 ? message : message.substring(0, command);
    return command < 0
        && (ours.contains("failed to mount local volume")
            || ours.contains("error while mounting volume")
            || ours.contains("error mounting"));
  }

  private StopReason watchOver(
      Waiting waiting,
      LayerWatch watch,
      OutputCollector output,
      long start,
      BooleanSupplier cancelled) {
    long deadline = start + spec.limits().wallClock().toNanos();
    while (true) {
      try {
        if (waiting.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          waiting
              .problem()
              .ifPresent(p -> {
                throw lost("the engine stopped answering: " + p);
              });
          return new StopReason(Stop.NONE, "");
        }
      } catch (InterruptedException e) {
        kill();
        throw interrupted();
      }
      Optional<String> crossed = watch.crossed();
      if (crossed.isPresent()) {
        return stop(waiting, Stop.DISK, crossed.get());
      }
      if (output.total() > spec.limits().output().bytes()) {
        // It can no longer pass, and may go on for as long as it is let.
        return stop(waiting, Stop.OUTPUT, "");
      }
      if (cancelled.getAsBoolean()) {
        return stop(waiting, Stop.CANCELLED, "");
      }
      if (System.nanoTime() > deadline) {
        return stop(waiting, Stop.DEADLINE, "");
      }
    }
  }

  private StopReason stop(Waiting waiting, Stop stop, String why) {
    kill();
    try {
      if (!waiting.await(30, TimeUnit.SECONDS)) {
        throw lost("the engine did not kill the container within 30 s");
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
    return new StopReason(stop, why);
  }

  private void kill() {
    try {
      Object _ =
          engine.limited("kill the container", () -> done(engine.docker().killContainerCmd(id)));
    } catch (NotFoundException | NotModifiedException e) {
      // It is dead, which is what we want.
    } catch (DockerException e) {
      if (!String.valueOf(e.getMessage()).contains("is not running")) {
        throw e;
      }
    }
  }

  private void drain(OutputCollector output) {
    try {
      // All writers are dead: the stream ends as soon as it is read.
      boolean _ = output.awaitCompletion(DRAIN_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private SandboxOutcome outcome(
      StopReason reason, OutputCollector output, Duration elapsed, LayerWatch watch) {
    SandboxOutcome.Observation observed = observed(output, elapsed);
    switch (reason.stop()) {
      case DEADLINE -> {
        return new SandboxOutcome.TimedOut(spec.limits().wallClock(), observed);
      }
      case DISK -> {
        return new SandboxOutcome.DiskLimit(reason.why(), observed);
      }
      case OUTPUT -> {
        return new SandboxOutcome.OutputLimit(observed);
      }
      case CANCELLED -> {
        return new SandboxOutcome.Cancelled(observed);
      }
      case NONE -> {}
    }
    JsonNode state = engine.container(id).path("State");
    if (state.path("OOMKilled").asBoolean()) {
      return new SandboxOutcome.OutOfMemory(observed);
    }
    Optional<String> disk = watch.atTheEnd();
    if (disk.isPresent()) {
      return new SandboxOutcome.DiskLimit(disk.get(), observed);
    }
    if (observed.outputBytes() > spec.limits().output().bytes()) {
      return new SandboxOutcome.OutputLimit(observed);
    }
    return new SandboxOutcome.Exited(state.path("ExitCode").asInt(-1), observed);
  }

  private static SandboxOutcome.Observation observed(OutputCollector output, Duration elapsed) {
    return new SandboxOutcome.Observation(output.tail(), output.total(), elapsed);
  }

  /** Removes the container with its volumes. What cannot be removed is swept by its labels. */
  void remove() {
    try {
      Object _ =
          engine.limited(
              "remove the container",
              () ->
                  done(
                      engine
                          .docker()
                          .removeContainerCmd(id)
                          .withForce(true)
                          .withRemoveVolumes(true)));
    } catch (RuntimeException e) {
      // The outcome, or the first failure, matters more; the next command sweeps it.
    }
  }

  private RunnerException lost(String what) {
    return RunnerException.of(FailureCode.ENGINE_LOST, what)
        .at(Escape.line(engine.host()))
        .note("nothing was promoted; what is left over is removed by the next command")
        .help("look at the engine's log, then run again");
  }

  private static RunnerException interrupted() {
    Thread.currentThread().interrupt();
    return new RunnerException(
        FailureCode.INTERRUPTED, "interrupted while a container ran", "run again");
  }

  /** Ends when the container does, or when the engine is lost. */
  private static final class Waiting extends ResultCallback.Adapter<WaitResponse> {
    private volatile Optional<String> problem = Optional.empty();
    private volatile boolean ended;
    private final CountDownLatch over = new CountDownLatch(1);

    /** Like {@link #awaitCompletion}, which closes the connection also when it is not over yet. */
    boolean await(long time, TimeUnit unit) throws InterruptedException {
      return over.await(time, unit);
    }

    @Override
    public void onNext(WaitResponse response) {
      ended = true;
    }

    @Override
    public void onError(Throwable error) {
      problem =
          Optional.of(
              Escape.answer(String.valueOf(error.getMessage()), EngineClient.MOST_OF_AN_ANSWER));
      super.onComplete();
      over.countDown();
    }

    @Override
    public void onComplete() {
      if (!ended && problem.isEmpty()) {
        problem = Optional.of("the connection was closed");
      }
      super.onComplete();
      over.countDown();
    }

    Optional<String> problem() {
      return problem;
    }
  }
}
