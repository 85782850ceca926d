package dev.tars.runner.run;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.workspace.Baseline;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a plan may run at all: what it says it will write and run, asked of the policy before
 * anything is staged. What the commands really write is judged again, from the change set.
 */
final class Admission {
  private final EffectivePolicy policy;
  private final Baseline baseline;

  Admission(EffectivePolicy policy, Baseline baseline) {
    this.policy = policy;
    this.baseline = baseline;
  }

  /**
   * Throws POLICY_DENIED for the first step that a rule denies, with all of that step's denials;
   * returns the approvals that steps ask for.
   */
  List<String> admit(Plan plan) {
    List<String> asks = new ArrayList<>();
    for (Step step : plan.steps()) {
      switch (step.action()) {
        case StepAction.EditFile edit -> {
          write(edit.file(), step.at(), asks);
          for (StepAction.PlacedEdit placed : edit.edits()) {
            if (placed.edit() instanceof FileEdit.Move move) {
              write(move.to(), placed.at(), asks);
            }
          }
        }
        case StepAction.CreateFile create -> write(create.file(), step.at(), asks);
        case StepAction.DeleteFile delete -> {
          requireKnown(delete.file(), step.at());
          decide(policy.write(delete.file(), FileOperation.DELETE), delete.file(), step.at(), asks);
        }
        case StepAction.RunCommand run -> command(run, step.at(), asks);
        case StepAction.BackupFiles b -> b.files().forEach(f -> requireKnown(f, step.at()));
        case StepAction.RestoreFiles r -> {}
        case StepAction.RunChecks c -> {}
        case StepAction.Notify n -> {}
        case StepAction.Approve a -> {}
        case StepAction.RollBack r -> {}
        case StepAction.Handle h -> handler(h, step.at(), asks);
      }
    }
    return List.copyOf(asks);
  }

  private void write(RelativePath path, SourcePosition at, List<String> asks) {
    requireKnown(path, at);
    FileOperation operation =
        baseline.entry(path).isPresent() ? FileOperation.MODIFY : FileOperation.CREATE;
    decide(policy.write(path, operation), path, at, asks);
  }

  private void requireKnown(RelativePath path, SourcePosition at) {
    if (policy.hidden(path)) {
      throw RunnerException.of(FailureCode.POLICY_DENIED, "a step names the hidden path " + path)
          .at(at)
          .note("hidden paths are not in the box and can never be in a change set")
          .help("take the step out, or ask the owner of the policy");
    }
  }

  private static void decide(
      Decision decision, RelativePath path, SourcePosition at, List<String> asks) {
    if (decision.denied()) {
      throw denied("the policy does not let a plan change " + path, decision, at);
    }
    addAsks(decision, asks);
  }

  private void command(StepAction.RunCommand run, SourcePosition at, List<String> asks) {
    Decision decision = policy.run(run.argv());
    if (decision.denied()) {
      throw denied("the policy does not let a plan run " + Escape.argv(run.argv()), decision, at);
    }
    addAsks(decision, asks);
    for (String name : run.env().keySet()) {
      Decision setting = policy.environment(name);
      if (setting.denied()) {
        throw denied(
            "the policy does not let a plan set the variable " + Escape.line(name), setting, at);
      }
      addAsks(setting, asks);
    }
  }

  /** Names that no layer defines are refused before; see {@link PlanNames}. */
  private void handler(StepAction.Handle handle, SourcePosition at, List<String> asks) {
    Decision decision =
        policy.handle(java.util.Objects.requireNonNull(policy.handlers().get(handle.handler())));
    if (decision.denied()) {
      throw denied(
          "the policy does not let the handler " + Escape.line(handle.handler()) + " run",
          decision,
          at);
    }
    addAsks(decision, asks);
  }

  private static void addAsks(Decision decision, List<String> asks) {
    if (decision.effect() == dev.tars.runner.policy.Effect.ASK) {
      asks.addAll(decision.approvals().isEmpty() ? List.of("") : decision.approvals());
    }
  }

  private static RunnerException denied(String what, Decision decision, SourcePosition at) {
    RunnerException.Builder error = RunnerException.of(FailureCode.POLICY_DENIED, what).at(at);
    decision
        .matches()
        .forEach(m ->
            error.note(
                m.effect().name().toLowerCase(java.util.Locale.ROOT)
                    + " by "
                    + m.rule()
                    + " ("
                    + m.layer()
                    + ", "
                    + m.at()
                    + ")"
                    + (m.reason().isEmpty() ? "" : ": " + Escape.line(m.reason()))));
    return error.help("change the plan, or ask the owner of the rule; nothing has run");
  }
}
