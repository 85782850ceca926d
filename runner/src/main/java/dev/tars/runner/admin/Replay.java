package dev.tars.runner.admin;

import dev.tars.runner.decisions.Decider;
import dev.tars.runner.decisions.DecisionRecord;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.decisions.Requests;
import dev.tars.runner.policy.Decision;
import dev.tars.runner.policy.Effect;
import dev.tars.runner.policy.EffectivePolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * What the decisions of a run would be under another policy.
 *
 * @param before the strictest effect that was recorded
 * @param after the strictest effect now
 * @param flips each decision whose effect changes
 */
record Replay(Effect before, Effect after, List<Flip> flips) {
  Replay {
    flips = List.copyOf(flips);
  }

  /** One decision that would be another. */
  record Flip(DecisionRecord record, Decision now) {
    String line() {
      return Requests.line(record.request())
          + ": "
          + DecisionRecord.word(record.decision().effect())
          + " by "
          + record.decision().deciding().rule()
          + " -> "
          + DecisionRecord.word(now.effect())
          + " by "
          + now.deciding().rule();
    }
  }

  static Replay of(List<DecisionRecord> records, EffectivePolicy policy) {
    Decider decider = new Decider(policy);
    Effect before = Effect.ALLOW;
    Effect after = Effect.ALLOW;
    List<Flip> flips = new ArrayList<>();
    for (DecisionRecord record : records) {
      Decision now = now(record, decider);
      if (!record.isOmission()) {
        before = before.and(record.decision().effect());
        after = after.and(now.effect());
      }
      if (now.effect() != record.decision().effect()
          || !now.approvals().equals(record.decision().approvals())) {
        flips.add(new Flip(record, now));
      }
    }
    return new Replay(before, after, flips);
  }

  /**
   * What nobody can ask again stays as it was. Whether a gate passed is a fact of the run; only
   * that it is asked can change.
   */
  private static Decision now(DecisionRecord record, Decider decider) {
    if (record.isRedacted()) {
      return record.decision(); // what was asked for is not known any more
    }
    return record.request() instanceof Request.Gate gate
        ? decider.gate(gate.id(), record.decision().effect(), record.decision().deciding().reason())
        : decider.decide(record.request());
  }
}
