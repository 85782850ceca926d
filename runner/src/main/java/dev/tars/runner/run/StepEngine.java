package dev.tars.runner.run;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.workspace.Layer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the steps of a plan in order, each only if what it depends on ended as it says. */
final class StepEngine {
  private final RunContext context;
  private final Stage stage;
  private final CommandRunner commands;
  private final LayerEdits edits;
  private final StepJudge judge;
  private final Map<String, StepResult> results = new LinkedHashMap<>();

  StepEngine(RunContext context, Stage stage, Layer layer, CommandRunner commands) {
    this.context = context;
    this.stage = stage;
    this.commands = commands;
    this.edits = new LayerEdits(stage.writer());
    this.judge = new StepJudge(stage.writer(), layer);
  }

  /** What the plan did: every step's result, and the failure that ended it, if one did. */
  record PlanResult(
      List<StepResult> steps,
      Optional<StepResult> failure,
      java.util.Set<dev.tars.runner.model.RelativePath> named) {
    PlanResult {
      steps = List.copyOf(steps);
      named = java.util.Set.copyOf(named);
    }
  }

  PlanResult run(Plan plan) {
    Optional<StepResult> failure = Optional.empty();
    for (Step step : plan.steps()) {
      StepResult result = failure.isPresent() ? afterFailure(step) : runOne(step);
      results.put(step.id(), result);
      context.event("step", CommandRunner.facts(step, result));
      if (result.isFailure() && failure.isEmpty() && !mayGoOn(step, result)) {
        failure = Optional.of(result);
      }
    }
    if (failure.isEmpty()) {
      edits.flush();
    } else {
      edits.discard();
    }
    return new PlanResult(List.copyOf(results.values()), failure, edits.named());
  }

  private static boolean mayGoOn(Step step, StepResult result) {
    return step.onFailure() == Step.OnFailure.CONTINUE
        && result.failure().filter(FailureCode.INTERRUPTED::equals).isEmpty();
  }

  private static StepResult afterFailure(Step step) {
    return StepResult.skipped(step.id(), "an earlier step failed");
  }

  private StepResult runOne(Step step) {
    for (Step.Dependency dependency : step.dependsOn()) {
      StepResult before = results.get(dependency.step());
      if (before == null || !matches(dependency.result(), before.result())) {
        return StepResult.skipped(
            step.id(),
            "step " + dependency.step() + " did not end as " + dependency.result().name());
      }
    }
    context.event(
        "step-started",
        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
            .objectNode()
            .put("step", step.id())
            .put("stepType", step.type().id()));
    StepResult result = attempt(step);
    for (int retry = 0; retry < step.retries() && retriable(result); retry++) {
      context.event("step-retry", CommandRunner.facts(step, result));
      result = attempt(step);
    }
    return result;
  }

  private static boolean retriable(StepResult result) {
    return result.isFailure() && result.failure().filter(FailureCode.INTERRUPTED::equals).isEmpty();
  }

  private static boolean matches(Step.Result wanted, Step.Result found) {
    return wanted == Step.Result.ANY || wanted == found;
  }

  private StepResult attempt(Step step) {
    Instant start = context.clock().instant();
    return switch (step.action()) {
      case StepAction.EditFile e -> fileStep(step, start);
      case StepAction.CreateFile c -> fileStep(step, start);
      case StepAction.DeleteFile d -> fileStep(step, start);
      case StepAction.RunCommand run -> command(step, run);
      case StepAction.RunChecks checks -> {
        edits.flush();
        yield judge.judge(step, checks.checks(), StepResult.passed(step.id(), since(start)));
      }
      case StepAction.BackupFiles b -> unsupported(step);
      case StepAction.RestoreFiles r -> unsupported(step);
      case StepAction.Notify n -> unsupported(step);
      case StepAction.Approve a -> unsupported(step);
      case StepAction.RollBack r -> unsupported(step);
      case StepAction.Handle h -> unsupported(step);
    };
  }

  private StepResult fileStep(Step step, Instant start) {
    edits.apply(step);
    StepResult passed = StepResult.passed(step.id(), since(start));
    if (step.checks().isEmpty()) {
      return passed;
    }
    edits.flush();
    return judge.judge(step, step.checks(), passed);
  }

  private StepResult command(Step step, StepAction.RunCommand run) {
    edits.flush();
    SandboxOutcome outcome = commands.run(step, stage.spec(step, run));
    return judge.judge(step, step.checks(), CommandRunner.judge(step, outcome));
  }

  private Duration since(Instant start) {
    return Duration.between(start, context.clock().instant());
  }

  private static StepResult unsupported(Step step) {
    throw unsupported(step, step.type().id() + " steps cannot be run yet");
  }

  static RunnerException unsupported(Step step, String what) {
    return RunnerException.of(FailureCode.PLAN_UNSUPPORTED, what + " (step " + step.id() + ")")
        .at(step.at())
        .note("nothing was changed")
        .help("take it out of the improvement");
  }
}
