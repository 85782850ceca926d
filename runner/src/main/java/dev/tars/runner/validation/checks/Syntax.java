package dev.tars.runner.validation.checks;

import java.util.Optional;

/** Whether bytes are well formed in one language. */
@FunctionalInterface
interface Syntax {
  Optional<Problem> problem(byte[] content);

  /**
   * @param line from 1, or 0 if it is not known
   */
  record Problem(int line, String message) {}
}
