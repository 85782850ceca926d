package dev.tars.runner.run.steps;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.plan.Step;
import dev.tars.runner.plan.StepAction;
import dev.tars.runner.policy.ApprovalRules;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.yaml.Nearest;
import dev.tars.runner.yaml.Problems;
import java.util.Collection;
import java.util.List;

/** A plan names channels, handlers and approval rules; the policy must define each. */
public final class PlanNames {
  private PlanNames() {}

  /** Throws PLAN_INVALID with every name that the policy does not have; nothing has run. */
  public static void require(Plan plan, EffectivePolicy policy) {
    Problems problems = new Problems(plan.source().lossyText());
    List<String> rules =
        policy.approval().rules().stream().map(ApprovalRules.Rule::id).sorted().toList();
    for (Step step : plan.steps()) {
      switch (step.action()) {
        case StepAction.Notify n ->
            require(step, "channel", n.channel(), policy.channels().keySet(), problems);
        case StepAction.Handle h ->
            require(step, "handler", h.handler(), policy.handlers().keySet(), problems);
        case StepAction.Approve a when !a.rule().isEmpty() ->
            require(step, "approval rule", a.rule(), rules, problems);
        default -> {}
      }
    }
    problems.throwIfAny(FailureCode.PLAN_INVALID);
  }

  private static void require(
      Step step, String what, String name, Collection<String> known, Problems problems) {
    if (known.contains(name)) {
      return;
    }
    problems.add(
        step.at(),
        "step '"
            + step.id()
            + "' names the "
            + what
            + " '"
            + Escape.line(name)
            + "', which the policy does not define",
        Nearest.of(name, known)
            .map(n -> "did you mean '" + n + "'?")
            .orElse(
                known.isEmpty()
                    ? "take the step out, or ask the owner of the policy: it defines none"
                    : "the policy defines: " + String.join(", ", known)));
  }
}
