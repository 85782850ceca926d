package dev.tars.runner.run.steps;

import dev.tars.runner.context.ContextEvent;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.expression.ConditionException;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.plan.StepType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs the steps of a plan in order, each only if what it depends on ended as it says. After a
 * failure that ends the plan only clean-up branches run: steps that ask for a result other than
 * {@code passed}, and what depends on these.
 */
public final class StepEngine {
  private final RunContext context;
  private final StepActions actions;
  private final StepUndo undo;
  private final Map<String, StepResult> results = new LinkedHashMap<>();
  private final Set<String> cleanUps = new HashSet<>();
  private final Set<String> waiting = new HashSet<>();
  private final List<String> asks = new ArrayList<>();
  private final List<Step> deferred = new ArrayList<>();
  private final List<Step> notices = new ArrayList<>();
  private Optional<StepResult> failure = Optional.empty();

  public StepEngine(RunContext context, StepActions actions, StepUndo undo) {
    this.context = context;
    this.actions = actions;
    this.undo = undo;
  }

  /**
   * What the plan did: every step's result, and the failure that ended it, if one did.
   *
   * @param named paths that a step named: such a path is never dropped as ignored
   * @param asks ids of approval rules that {@code Approval} steps call for
   * @param notices notifications to send once the change is known, for nobody hears of an empty one
   * @param deferred notifications that wait for the approval
   */
  public record PlanResult(
      List<StepResult> steps,
      Optional<StepResult> failure,
      Set<RelativePath> named,
      List<String> asks,
      List<Step> notices,
      List<Step> deferred) {
    public PlanResult {
      steps = List.copyOf(steps);
      named = Set.copyOf(named);
      asks = List.copyOf(asks);
      notices = List.copyOf(notices);
      deferred = List.copyOf(deferred);
    }
  }

  public PlanResult run(Plan plan) {
    for (Step step : plan.steps()) {
      StepResult result = turn(step);
      results.put(step.id(), result);
      actions.facts().ended(result);
      context.event(CommandRunner.ended(step, result, false));
      if (result.isFailure()) {
        failed(step, result);
      }
    }
    undo.forget();
    if (failure.isEmpty()) {
      actions.edits().flush();
    } else {
      actions.edits().discard();
    }
    return new PlanResult(
        List.copyOf(results.values()), failure, actions.edits().named(), asks, notices, deferred);
  }

  private void failed(Step step, StepResult result) {
    if (result.isInterrupted()) {
      failure = failure.or(() -> Optional.of(result));
      return;
    }
    if (step.onFailure() == Step.OnFailure.ROLLBACK) {
      undo.undo(step);
    }
    if (failure.isEmpty() && step.onFailure() != Step.OnFailure.CONTINUE) {
      failure = Optional.of(result);
      actions.edits().discard(); // what precedes a command applies together or not at all
    }
  }

  private StepResult turn(Step step) {
    boolean cleansUp =
        step.dependsOn().stream()
            .anyMatch(d -> d.result() != Step.Result.PASSED || cleanUps.contains(d.step()));
    if (cleansUp) {
      cleanUps.add(step.id());
    }
    if (failure.filter(StepResult::isInterrupted).isPresent()) {
      return StepResult.skipped(step.id(), "the run was stopped");
    }
    if (step.type() == StepType.APPROVAL) {
      return approval(step);
    }
    boolean waits = step.dependsOn().stream().anyMatch(d -> waiting.contains(d.step()));
    for (Step.Dependency dependency : step.dependsOn()) {
      StepResult before = results.get(dependency.step());
      boolean matches = before != null && matches(dependency.result(), before.result());
      if (!matches && !waiting.contains(dependency.step())) {
        return StepResult.skipped(
            step.id(),
            "step "
                + dependency.step()
                + " did not end as "
                + dependency.result().name().toLowerCase(java.util.Locale.ROOT));
      }
    }
    if (failure.isPresent() && !cleansUp) {
      return StepResult.skipped(step.id(), "an earlier step failed");
    }
    return condition(step)
        .orElseGet(() -> {
          if (waits) {
            waiting.add(step.id());
            deferred.add(step);
            return StepResult.skipped(step.id(), "it waits for the approval");
          }
          // One that is about a failure is sent at once, whatever comes of the change.
          return step.action() instanceof StepAction.Notify && !cleanUps.contains(step.id())
              ? noticed(step)
              : attempts(step);
        });
  }

  private StepResult noticed(Step step) {
    context.event(new ContextEvent.StepStarted(step.id(), step.type().id()));
    notices.add(step);
    return StepResult.passed(step.id(), Duration.ZERO);
  }

  /**
   * An approval never pauses a run. It is called for even where a step before it did not pass: only
   * its own condition takes it away, so that no failure makes a change easier to promote.
   */
  private StepResult approval(Step step) {
    return condition(step)
        .orElseGet(() -> {
          waiting.add(step.id());
          if (step.action() instanceof StepAction.Approve approve) {
            asks.add(approve.rule());
          }
          return StepResult.skipped(step.id(), "it waits for the approval");
        });
  }

  /** The result of a step whose condition does not hold. */
  private Optional<StepResult> condition(Step step) {
    try {
      return step.when()
          .filter(when -> !when.holds(actions.facts().now()))
          .map(when -> StepResult.skipped(step.id(), "its condition is false"));
    } catch (ConditionException e) {
      return Optional.of(
          StepResult.failed(
              step.id(),
              FailureCode.STEP_FAILED,
              "step " + step.id() + ": its condition has no value: " + e.getMessage(),
              Duration.ZERO));
    }
  }

  private StepResult attempts(Step step) {
    context.event(new ContextEvent.StepStarted(step.id(), step.type().id()));
    undo.before(step);
    StepResult result = attempt(step);
    for (int retry = 0; retry < step.retries() && mayRetry(result); retry++) {
      context.event(CommandRunner.ended(step, result, true));
      undo.beforeRetry(step);
      result = attempt(step);
    }
    return result;
  }

  private static boolean mayRetry(StepResult result) {
    return result.isFailure() && !result.isInterrupted();
  }

  /** What a plan or its files got wrong fails the step; what we could not do ends the run. */
  private StepResult attempt(Step step) {
    try {
      return actions.perform(step);
    } catch (RunnerException e) {
      return switch (e.code()) {
        case EDIT_NOMATCH, EDIT_CONFLICT, PATCH_INVALID, PLAN_INVALID, RESOURCE_LIMIT, NOT_FOUND ->
            StepResult.failed(step.id(), e, Duration.ZERO);
        default -> throw e;
      };
    }
  }

  private static boolean matches(Step.Result wanted, Step.Result found) {
    return wanted == Step.Result.ANY || wanted == found;
  }
}
