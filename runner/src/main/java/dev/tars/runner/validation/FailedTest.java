package dev.tars.runner.validation;

import dev.tars.runner.validation.diagnostics.Place;
import java.util.Optional;

/**
 * A red test as its report explains it. Text from the box: shown, and never deciding.
 *
 * @param name escaped, as it is in {@link TestDelta}
 * @param kind what became of it
 * @param message first line, escaped and bounded; may be empty
 * @param place innermost frame of its trace that is in the workspace
 */
public record FailedTest(String name, TestDelta.Kind kind, String message, Optional<Place> place) {

  /** The place, or the empty string. */
  public String where() {
    return place.map(Place::toString).orElse("");
  }

  /** True if it is red for no reason of the change. */
  public boolean redBefore() {
    return kind == TestDelta.Kind.STILL_FAILING;
  }
}
