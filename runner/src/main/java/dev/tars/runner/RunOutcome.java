package dev.tars.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.RunnerException;
import java.util.Optional;

/**
 * What a call led to.
 *
 * @param document a JSON document with its {@code schema}
 * @param exitCode the process's exit status
 * @param error what went wrong, if something did and the document is still worth showing
 */
public record RunOutcome(ObjectNode document, int exitCode, Optional<RunnerException> error) {

  RunOutcome(ObjectNode document, int exitCode) {
    this(document, exitCode, Optional.empty());
  }
}
