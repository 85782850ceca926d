package dev.tars.runner.plan;

import dev.tars.runner.expression.Condition;
import dev.tars.runner.model.RelativePath;
import java.util.Optional;

/** Something that must hold after a step. */
public sealed interface StepCheck {

  record ExitCode(int equals) implements StepCheck {}

  record TestsRun(int min) implements StepCheck {}

  record TestsFailed(int max) implements StepCheck {}

  /** The file parses as a language; the step's own file if none is named. */
  record Parses(String language, Optional<RelativePath> file) implements StepCheck {}

  /** The file contains the text; the step's own file if none is named. */
  record Contains(String text, Optional<RelativePath> file) implements StepCheck {}

  record FileExists(RelativePath file, boolean expected) implements StepCheck {}

  /** A condition that must hold; what has no value does not hold. */
  record Cel(Condition condition, String message) implements StepCheck {}
}
