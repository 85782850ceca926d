package dev.tars.runner.run.steps;

import dev.tars.runner.decisions.DecisionLog;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.RecordedPolicy;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.plan.Plan;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.List;
import java.util.function.Predicate;

/** What a policy says to what a plan says that it will do, by the same questions as a run. */
public final class PlanDecisions {
  private PlanDecisions() {}

  /**
   * Asks for every step; nothing runs.
   *
   * @param exists what is in the workspace
   */
  public static List<DecisionRecord> of(
      Plan plan, EffectivePolicy policy, Predicate<RelativePath> exists) {
    DecisionLog log = new DecisionLog();
    EffectivePolicy narrowed = policy.narrowedBy(plan.permissions());
    new Admission(new RecordedPolicy(narrowed, log), exists).ask(plan);
    return log.records();
  }
}
