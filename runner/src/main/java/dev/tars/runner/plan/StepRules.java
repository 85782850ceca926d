package dev.tars.runner.plan;

import dev.tars.runner.yaml.YamlMap;
import java.util.Optional;

/** What a step of one type may say, so that nothing in a plan is read and then forgotten. */
final class StepRules {
  private StepRules() {}

  static void check(Step step, YamlMap map) {
    for (StepCheck check : step.checks()) {
      problem(step, check).ifPresent(why -> map.problem("validation", why, "take the check out"));
    }
    if (step.action() instanceof StepAction.RunChecks checks) {
      for (StepCheck check : checks.checks()) {
        problem(step, check).ifPresent(why -> map.problem("action", why, "take the check out"));
      }
      if (checks.checks().isEmpty()) {
        map.problem("action", "a Validation step without checks", "add checks: […]");
      }
    }
    if (isForPeople(step)) {
      String what = step.type().id() + " steps change nothing, so they have no ";
      if (!step.checks().isEmpty()) {
        map.problem("validation", what + "validation", "take it out");
      }
      if (step.rollback().isPresent()) {
        map.problem("rollback", what + "rollback", "take it out");
      }
    }
    if (step.checks().stream().filter(StepCheck.ExitCode.class::isInstance).count() > 1) {
      map.problem("validation", "two checks of the exit code", "keep one of them");
    }
    rollback(step)
        .ifPresent(why -> map.problem("rollback", why, "correct the rollback, or take it out"));
  }

  private static boolean isForPeople(Step step) {
    return step.type() == StepType.APPROVAL || step.type() == StepType.NOTIFICATION;
  }

  private static Optional<String> problem(Step step, StepCheck check) {
    return switch (check) {
      case StepCheck.ExitCode _ ->
          unless(step.type().isCommand(), "only a step with a command has an exit code");
      case StepCheck.TestsRun _, StepCheck.TestsFailed _ ->
          unless(
              step.type() == StepType.TEST_EXECUTION, "only a TestExecution step has test results");
      case StepCheck.Parses p -> unless(p.file().isPresent() || hasFile(step), NAMELESS);
      case StepCheck.Contains c -> unless(c.file().isPresent() || hasFile(step), NAMELESS);
      case StepCheck.FileExists _, StepCheck.Cel _ -> Optional.empty();
    };
  }

  private static final String NAMELESS = "a check of a file must name it here, with 'file'";

  private static boolean hasFile(Step step) {
    return step.action() instanceof StepAction.EditFile
        || step.action() instanceof StepAction.CreateFile;
  }

  private static Optional<String> rollback(Step step) {
    return step.rollback()
        .flatMap(undo ->
            switch (undo) {
              case Step.Undo.DeleteCreated _ ->
                  unless(
                      step.type() == StepType.FILE_CREATION,
                      "DeleteCreated is for FileCreation steps");
              case Step.Undo.RestoreBackup _ -> Optional.empty();
            });
  }

  private static Optional<String> unless(boolean holds, String why) {
    return holds ? Optional.empty() : Optional.of(why);
  }
}
