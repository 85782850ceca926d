package dev.tars.runner.run.steps;

import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Runs a command step in a box of its own and keeps what it printed, up to the policy's cap. */
public final class CommandRunner {
  private final RunContext context;
  private final Sandbox sandbox;
  private final BooleanSupplier cancelled;

  public CommandRunner(RunContext context, Sandbox sandbox, BooleanSupplier cancelled) {
    this.context = context;
    this.sandbox = sandbox;
    this.cancelled = cancelled;
  }

  SandboxOutcome run(Step step, SandboxSpec spec) {
    try (OutputStream log = context.dir().append("steps/" + step.id() + ".log")) {
      return sandbox.run(spec, new CappedLog(log, spec.limits().output().bytes()), cancelled);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** What the engine saw, as the result of the step; the step's own checks come after. */
  static StepResult judge(Step step, SandboxOutcome outcome) {
    Duration elapsed = outcome.observed().elapsed();
    return switch (outcome) {
      case SandboxOutcome.Exited exited when exited.code() == expectedExit(step) ->
          StepResult.passed(step.id(), elapsed).withExit(exited.code());
      case SandboxOutcome.Exited exited ->
          failed(step, FailureCode.STEP_FAILED, "exit code " + exited.code(), elapsed)
              .withExit(exited.code());
      case SandboxOutcome.TimedOut timedOut ->
          failed(step, FailureCode.TIMEOUT, "no end after " + seconds(timedOut.limit()), elapsed);
      case SandboxOutcome.OutOfMemory oom ->
          failed(step, FailureCode.RESOURCE_LIMIT, "a process was killed for memory", elapsed);
      case SandboxOutcome.DiskLimit disk ->
          failed(step, FailureCode.RESOURCE_LIMIT, disk.what(), elapsed);
      case SandboxOutcome.OutputLimit output ->
          failed(
              step,
              FailureCode.RESOURCE_LIMIT,
              "printed " + output.observed().outputBytes() + " bytes, more than the limit",
              elapsed);
      case SandboxOutcome.NotStarted not ->
          failed(step, FailureCode.STEP_FAILED, "did not start: " + not.reason(), elapsed);
      case SandboxOutcome.Cancelled cancelled ->
          failed(step, FailureCode.INTERRUPTED, "cancelled", elapsed);
    };
  }

  static ContextEvent.StepEnded ended(Step step, StepResult result, boolean again) {
    return new ContextEvent.StepEnded(
        step.id(),
        step.type().id(),
        result.result(),
        result.elapsed(),
        result.reason(),
        result.failure(),
        again);
  }

  /** The exit status that the step's own check wants; a plan has at most one such check. */
  private static int expectedExit(Step step) {
    return step.checks().stream()
        .filter(dev.tars.runner.plan.StepCheck.ExitCode.class::isInstance)
        .map(dev.tars.runner.plan.StepCheck.ExitCode.class::cast)
        .map(dev.tars.runner.plan.StepCheck.ExitCode::equals)
        .findFirst()
        .orElse(0);
  }

  private static StepResult failed(Step step, FailureCode code, String why, Duration elapsed) {
    return StepResult.failed(step.id(), code, "step " + step.id() + ": " + why, elapsed);
  }

  static String seconds(Duration d) {
    return d.toMillis() % 1000 == 0 ? d.toSeconds() + " s" : d.toMillis() + " ms";
  }

  static Optional<StepAction.RunCommand> command(Step step) {
    return step.action() instanceof StepAction.RunCommand run ? Optional.of(run) : Optional.empty();
  }
}
