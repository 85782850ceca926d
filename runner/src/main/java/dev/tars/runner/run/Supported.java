package dev.tars.runner.run;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.plan.StepCheck;
import java.util.List;
import java.util.Optional;

/** What an improvement file may say and this version cannot do: it stops before anything runs. */
final class Supported {
  private Supported() {}

  /** Throws PLAN_UNSUPPORTED for the first step that asks for it. */
  static void require(Plan plan) {
    for (Step step : plan.steps()) {
      Optional<String> missing = missing(step);
      if (missing.isPresent()) {
        throw RunnerException.of(
                FailureCode.PLAN_UNSUPPORTED, missing.get() + " (step " + step.id() + ")")
            .at(step.at())
            .note("nothing has run")
            .help("take it out of the improvement");
      }
    }
  }

  private static Optional<String> missing(Step step) {
    if (step.when().isPresent()) {
      return Optional.of("conditions ('when') cannot be evaluated yet");
    }
    if (step.rollback().isPresent()) {
      return Optional.of("the rollback of a single step cannot be done yet");
    }
    if (hasCel(step.checks())) {
      return Optional.of("checks in CEL cannot be evaluated yet");
    }
    return switch (step.action()) {
      case StepAction.EditFile _, StepAction.CreateFile _, StepAction.DeleteFile _ ->
          Optional.empty();
      case StepAction.RunCommand run ->
          run.outputs().isEmpty()
              ? Optional.empty()
              : Optional.of("'outputs' cannot be kept for checks yet");
      case StepAction.RunChecks checks ->
          hasCel(checks.checks())
              ? Optional.of("checks in CEL cannot be evaluated yet")
              : Optional.empty();
      case StepAction.BackupFiles _,
          StepAction.RestoreFiles _,
          StepAction.Notify _,
          StepAction.Approve _,
          StepAction.RollBack _,
          StepAction.Handle _ ->
          Optional.of(step.type().id() + " steps cannot be run yet");
    };
  }

  private static boolean hasCel(List<StepCheck> checks) {
    return checks.stream().anyMatch(StepCheck.Cel.class::isInstance);
  }
}
