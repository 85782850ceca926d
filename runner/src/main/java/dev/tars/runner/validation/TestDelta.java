package dev.tars.runner.validation;

import java.util.List;

/**
 * Tests before and after a change; every list holds names {@code class#method}, sorted, escaped.
 */
public record TestDelta(
    int run,
    int failed,
    int skipped,
    List<String> fixed,
    List<String> broken,
    List<String> stillFailing,
    List<String> added,
    List<String> vanished,
    List<String> newlySkipped) {
  public TestDelta {
    fixed = List.copyOf(fixed);
    broken = List.copyOf(broken);
    stillFailing = List.copyOf(stillFailing);
    added = List.copyOf(added);
    vanished = List.copyOf(vanished);
    newlySkipped = List.copyOf(newlySkipped);
  }
}
