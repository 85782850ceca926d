package dev.tars.runner.policy;

import dev.tars.runner.model.SourcePosition;
import java.util.List;

/**
 * What an {@code Other} step of a plan may have run.
 *
 * @param layer name of the layer that defines it, and so allows its command
 */
public record Handler(String name, List<String> argv, String layer, SourcePosition at) {
  public Handler {
    argv = List.copyOf(argv);
  }
}
