package dev.tars.image;

import dev.tars.runner.model.ByteCount;
import java.util.List;
import java.util.Map;

/**
 * A sandbox image that an engine holds.
 *
 * @param id the engine's id, {@code sha256:} and 64 digits
 * @param tags may be empty
 * @param labels see {@link ImageLabels}
 */
public record LoadedImage(
    String id, List<String> tags, ByteCount size, Map<String, String> labels) {
  public LoadedImage {
    tags = List.copyOf(tags);
    labels = Map.copyOf(labels);
  }
}
