package dev.tars.runner.run.steps;

import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import java.util.ArrayList;
import java.util.List;

/** Notifications that wait for the approval, kept in the context until it is given. */
public final class Deferred {
  private Deferred() {}

  public static void keep(List<Step> steps, RunContext context) {
    List<Results.WaitingNotice> all = new ArrayList<>();
    for (Step step : steps) {
      if (step.action() instanceof StepAction.Notify notify) {
        all.add(
            new Results.WaitingNotice(
                step.id(),
                notify.channel(),
                notify.message(),
                step.onFailure() == Step.OnFailure.CONTINUE));
      }
    }
    context.waiting(all);
  }

  /**
   * Sends them, each once.
   *
   * @throws RunnerException if one cannot be sent whose failure ends the plan
   */
  public static void send(RunContext context, Notices notices) {
    List<Results.WaitingNotice> waiting = context.record().results().waiting();
    for (int i = 0; i < waiting.size(); i++) {
      Results.WaitingNotice one = waiting.get(i);
      notices.send(one.step(), new StepAction.Notify(one.channel(), one.message()), one.mayFail());
      context.waiting(waiting.subList(i + 1, waiting.size()));
      context.save();
    }
  }
}
