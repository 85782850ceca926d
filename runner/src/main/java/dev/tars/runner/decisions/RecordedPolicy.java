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

  /** Records what was decided about a step in another way than by asking for it. */
  public Decision declared(Request request, Decision decision, String step) {
    return log.add(
        request, decision, new DecisionRecord.Made(Enforcer.ADMISSION, Certainty.DECLARED, step));
  }

  /** Asks about something that the host has seen. */
  public Decision observed(Request request, Enforcer enforcer) {
    return ask(request, new DecisionRecord.Made(enforcer, Certainty.OBSERVED, ""));
  }

  private Decision ask(Request request, DecisionRecord.Made made) {
    return log.add(request, new Decider(policy).decide(request), made);
  }

  /** What is left out of the box or of the change set; each path that is, is recorded. */
  public PathRules paths(Enforcer enforcer) {
    return new PathRules() {
      @Override
      public boolean hides(RelativePath path) {
        return policy.hides(path) && left(new Request.Read(path));
      }

      @Override
      public boolean hidesDirectory(RelativePath path) {
        return policy.hidesDirectory(path) && left(new Request.Read(path));
      }

      @Override
      public boolean scratches(RelativePath path) {
        return policy.scratches(path);
      }

      @Override
      public boolean scratchesDirectory(RelativePath path) {
        return policy.scratchesDirectory(path);
      }

      @Override
      public void leavesScratch(RelativePath path) {
        left(new Request.Scratch(path));
      }

      private boolean left(Request request) {
        log.addOnce(
            request,
            new Decider(policy).decide(request),
            new DecisionRecord.Made(enforcer, Certainty.OBSERVED, ""));
        return true;
      }
    };
  }
}
