package dev.tars.runner.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.run.bench.Workbench;

/**
 * The time in which a policy is asked about a change. At its end every answer is on record, however
 * it ends; an error in recording them never takes the place of the one that ended the run.
 */
final class RecordedDecisions implements AutoCloseable {
  private final Workbench bench;
  private final RunContext context;
  private final EffectivePolicy policy;

  /** Goes on with what the context has on record already. */
  RecordedDecisions(Workbench bench, RunContext context, EffectivePolicy policy) {
    this.bench = bench;
    this.context = context;
    this.policy = policy;
    context.decisions().resume(context.dir());
  }

  @Override
  public void close() {
    ObjectNode summary = context.decisions().save(context.dir(), policy.audit());
    bench.audit().get().appendLazily("decisions", summary);
  }
}
