package dev.tars.runner.run;

import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.Severity;
import dev.tars.runner.promotion.PathConflict;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.run.steps.StepResult;
import dev.tars.runner.validation.Verdict;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The ends of a run that more than one stage may come to, each with what a person can do. */
final class Refusals {
  private static final int MOST_GATES = 5;
  private static final int MOST_FINDINGS = 10;
  private static final int MOST_PATHS = 20;
  private static final String NOTHING = "nothing was changed in the workspace";

  private Refusals() {}

  static RunnerException step(StepResult failure, RunContext context) {
    if (failure.cause().isPresent()) {
      return failure.cause().get();
    }
    return RunnerException.of(failure.failure().orElse(FailureCode.STEP_FAILED), failure.reason())
        .note(NOTHING)
        .help(
            "see its output with `tarscli execute logs --context-id "
                + context.id()
                + " --step "
                + failure.id()
                + "`");
  }

  static RunnerException verdict(FailureCode code, Verdict verdict, RunContext context) {
    RunnerException.Builder error =
        RunnerException.of(
            code,
            verdict.result() == Verdict.Result.UNKNOWN
                ? "the change could not be judged"
                : "the change did not pass");
    verdict.gates().stream()
        .filter(g -> !g.reason().isEmpty())
        .limit(MOST_GATES)
        .forEach(g -> error.note(g.told().after("gate " + g.id() + ": ")));
    verdict.findings().stream()
        .filter(f -> f.severity() == Severity.REJECT)
        .limit(MOST_FINDINGS)
        .forEach(f -> error.note(f.told().after(f.rule() + " " + place(f) + ": ")));
    return error
        .note(NOTHING)
        .help(
            "`tarscli execute logs "
                + context.id()
                + "` has what was printed; mend it, then run again");
  }

  /** Says why a transaction could not begin, and whether running again would help. */
  static RunnerException stale(List<PathConflict> conflicts) {
    List<PathConflict> obstacles = conflicts.stream().filter(c -> c.remedy().isPresent()).toList();
    RunnerException.Builder error =
        obstacles.isEmpty()
            ? RunnerException.of(FailureCode.STALE, "the workspace is no longer what was verified")
            : RunnerException.of(
                FailureCode.NOT_PROMOTABLE,
                "the change cannot be promoted to the workspace as it is");
    List<PathConflict> named = obstacles.isEmpty() ? conflicts : obstacles;
    named.stream().limit(MOST_PATHS).forEach(c -> error.note(c.line()));
    if (named.size() > MOST_PATHS) {
      error.note((named.size() - MOST_PATHS) + " more paths");
    }
    return error
        .note("nothing was changed")
        .help(
            obstacles.isEmpty()
                ? "run the improvement again on the workspace as it is"
                : "do what each line says, then try again");
  }

  static RunnerException inDoubt(PromotionOutcome.Conflicted conflicted) {
    RunnerException.Builder error =
        RunnerException.of(
            FailureCode.IN_DOUBT,
            conflicted.id()
                + " met edits that were made while it ran; it is undone, they are kept");
    conflicted.conflicts().forEach(c -> error.note(c.line()));
    return error.help("look at these files, then run `tarscli execute recover`");
  }

  /** Ends a run that somebody stopped; asked between stages, as boxes ask while they run. */
  static void requireGoingOn(BooleanSupplier cancelled) {
    if (cancelled.getAsBoolean()) {
      throw RunnerException.of(FailureCode.INTERRUPTED, "the run was stopped")
          .note(NOTHING)
          .help("run it again");
    }
  }

  private static String place(Finding finding) {
    return finding.line() > 0 ? finding.path() + ":" + finding.line() : finding.path();
  }
}
