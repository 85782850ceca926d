package dev.tars.runner.run.steps;

import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.FileEdit;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.model.Told;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.FileOperation;
import dev.tars.runner.policy.Handler;
import dev.tars.runner.policy.RuleMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Whether a plan may run at all: what it says it will write and run, asked of the policy before
 * anything is staged. What the commands really write is judged again, from the change set.
 */
public final class Admission {
  private static final int MOST_SHOWN = 10;

  private final RecordedPolicy policy;
  private final Predicate<RelativePath> exists;
  private final List<Denial> denials = new ArrayList<>();
  private final List<String> asks = new ArrayList<>();

  /** {@code exists} tells what is modified from what is created. */
  public Admission(RecordedPolicy policy, Predicate<RelativePath> exists) {
    this.policy = policy;
    this.exists = exists;
  }

  private record Denial(String what, Decision decision, SourcePosition at) {}

  /**
   * Asks for every step, so that all denials are on record, then throws POLICY_DENIED for the first
   * of them; returns the approvals that steps ask for.
   */
  public List<String> admit(Plan plan) {
    ask(plan);
    if (!denials.isEmpty()) {
      throw denied();
    }
    return List.copyOf(asks);
  }

  /** Asks for every step and goes on. */
  void ask(Plan plan) {
    for (Step step : plan.steps()) {
      switch (step.action()) {
        case StepAction.EditFile edit -> {
          write(edit.file(), step, step.at());
          for (StepAction.PlacedEdit placed : edit.edits()) {
            if (placed.edit() instanceof FileEdit.Move move) {
              write(move.to(), step, placed.at());
            }
          }
        }
        case StepAction.CreateFile create -> write(create.file(), step, step.at());
        case StepAction.DeleteFile delete ->
            path(delete.file(), FileOperation.DELETE, step, step.at());
        case StepAction.RunCommand run -> command(run, step);
        case StepAction.BackupFiles b -> b.files().forEach(f -> isKnown(f, step, step.at()));
        case StepAction.RestoreFiles r -> {}
        case StepAction.RunChecks c -> {}
        case StepAction.Notify n -> {}
        case StepAction.Approve a -> {}
        case StepAction.RollBack r -> {}
        case StepAction.Handle h -> handler(h, step);
      }
    }
  }

  private void write(RelativePath path, Step step, SourcePosition at) {
    path(path, exists.test(path) ? FileOperation.MODIFY : FileOperation.CREATE, step, at);
  }

  private void path(RelativePath path, FileOperation operation, Step step, SourcePosition at) {
    if (isKnown(path, step, at)) {
      ask(new Request.Write(path, operation), "change " + path, step, at);
    }
  }

  /** What is hidden is not in the box, and never in a change set. */
  private boolean isKnown(RelativePath path, Step step, SourcePosition at) {
    if (policy.policy().hidden(path)) {
      ask(new Request.Read(path), "name the hidden path " + path, step, at);
      return false;
    }
    return true;
  }

  private void command(StepAction.RunCommand run, Step step) {
    ask(new Request.Run(run.argv()), "run " + Escape.argv(run.argv()), step, step.at());
    for (String name : run.env().keySet()) {
      ask(new Request.Env(name), "set the variable " + Escape.line(name), step, step.at());
    }
  }

  /** Names that no layer defines are refused before; see {@link PlanNames}. */
  private void handler(StepAction.Handle handle, Step step) {
    Handler handler = Objects.requireNonNull(policy.policy().handlers().get(handle.handler()));
    Decision decision =
        policy.declared(
            new Request.Run(handler.argv()), policy.policy().handle(handler), step.id());
    follow(decision, "let the handler " + Escape.line(handle.handler()) + " run", step.at());
  }

  private void ask(Request request, String what, Step step, SourcePosition at) {
    follow(policy.declared(request, step.id()), what, at);
  }

  private void follow(Decision decision, String what, SourcePosition at) {
    switch (decision.effect()) {
      case ALLOW -> {}
      case ASK -> asks.addAll(decision.approvals().isEmpty() ? List.of("") : decision.approvals());
      case DENY -> denials.add(new Denial(what, decision, at));
    }
  }

  private RunnerException denied() {
    Denial first = denials.getFirst();
    RunnerException.Builder error =
        RunnerException.of(
                FailureCode.POLICY_DENIED, "the policy does not let a plan " + first.what())
            .at(first.at());
    RuleMatch deciding = first.decision().deciding();
    for (RuleMatch match : first.decision().matches()) {
      Told rule =
          match.told().map(Escape::line).after(DecisionRecord.word(match.effect()) + " by ");
      error.note(match.equals(deciding) ? rule : new Told(rule.full(), ""));
    }
    denials.stream()
        .skip(1)
        .limit(MOST_SHOWN)
        .forEach(d -> error.note("nor, at " + d.at() + ", " + d.what()));
    if (denials.size() > 1 + MOST_SHOWN) {
      error.note((denials.size() - 1 - MOST_SHOWN) + " more denials are in the decision records");
    }
    String plain =
        "change the plan, or see `tarscli policy explain --context-id last`; nothing has run";
    return error.help(
        new Told(
            deciding.fix().isEmpty() ? plain : Escape.line(deciding.fix()) + "; nothing has run",
            plain));
  }
}
