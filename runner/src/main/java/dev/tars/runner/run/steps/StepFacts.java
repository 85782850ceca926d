package dev.tars.runner.run.steps;

import dev.tars.runner.expression.Facts;
import dev.tars.runner.run.bench.RunFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What the conditions of steps may name, as the run stands. */
public final class StepFacts {
  private final Facts.Actor actor;
  private final boolean dryRun;
  private final Supplier<Facts.Change> change;
  private final Map<String, Facts.Step> ended = new LinkedHashMap<>();

  /** {@code change} reads the layer as it is when it is asked. */
  public StepFacts(Facts.Actor actor, boolean dryRun, Supplier<Facts.Change> change) {
    this.actor = actor;
    this.dryRun = dryRun;
    this.change = change;
  }

  void ended(StepResult result) {
    ended.put(result.id(), RunFacts.step(result.kept()));
  }

  Facts now() {
    return new Facts().actor(actor).run(() -> new Facts.Run(ended, dryRun)).change(change);
  }
}
