package dev.tars.runner.validation;

import dev.tars.runner.model.Told;

/** How a run of a test gate is judged, beside what became of each test. */
sealed interface TestOutcome {
  /** It says yes. */
  record Sound(String note) implements TestOutcome {}

  /** It says no. */
  record Unsound(Told why) implements TestOutcome {}

  /** Tests passed only when the tool tried them again. */
  record Flaky(String why) implements TestOutcome {}

  /** A red test cannot be laid to the change nor to what was there before. */
  record Unstable(String why) implements TestOutcome {}

  /** It says nothing: a person must decide. */
  record Unproven(String why) implements TestOutcome {}
}
