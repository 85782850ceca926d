package dev.tars.runner.decisions;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.PathRules;

/** A policy that is asked by one enforcer; every answer is recorded. */
public final class RecordedPolicy {
  private final EffectivePolicy policy;
  private final DecisionLog log;

  public RecordedPolicy(EffectivePolicy policy, DecisionLog log) {
    this.policy = policy;
    this.log = log;
  }

  public EffectivePolicy policy() {
    return policy;
  }

  public DecisionLog log() {
    return log;
  }

  /** Asks for a step of the plan, which says what it will do. */
  public Decision declared(Request request, String step) {
    return ask(request, new DecisionRecord.Made(Enforcer.ADMISSION, Certainty.DECLARED, step));
  }

  /** Asks about something that the host has seen. */
  public Decision observed(Request request, Enforcer enforcer) {
    return ask(request, new DecisionRecord.Made(enforcer, Certainty.OBSERVED, ""));
  }

  private Decision ask(Request request, DecisionRecord.Made made) {
    return log.add(request, new Decider(policy).decide(request), made);
  }

  /** What is hidden; each path that is left out is recorded, those that are copied in are not. */
  public PathRules paths(Enforcer enforcer) {
    return new PathRules() {
      @Override
      public boolean hides(RelativePath path) {
        boolean hides = policy.hides(path);
        if (hides) {
          var _ = observed(new Request.Read(path), enforcer);
        }
        return hides;
      }

      @Override
      public boolean hidesFile(RelativePath path) {
        boolean hides = policy.hidesFile(path);
        if (hides) {
          var _ = observed(new Request.Read(path), enforcer);
        }
        return hides;
      }

      @Override
      public boolean scratches(RelativePath path) {
        return policy.scratches(path);
      }
    };
  }
}
