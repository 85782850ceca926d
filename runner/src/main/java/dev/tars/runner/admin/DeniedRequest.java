package dev.tars.runner.admin;

import dev.tars.runner.decisions.DecisionRecord;

/** A recorded denial and the context that it is of. */
public record DeniedRequest(String context, DecisionRecord record) {
  @Override
  public String toString() {
    return context + " #" + record.seq();
  }
}
