package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.RelativePath;
import java.util.List;

/** A pattern over the bytes of a path from the workspace root; see {@code docs/formats.md}. */
public interface Glob {
  boolean matches(RelativePath path);

  /** {@link #matches(RelativePath)} for a path whose components are at hand. */
  default boolean matches(RelativePath path, List<Bytes> components) {
    return matches(path);
  }

  /** As written. */
  String text();
}
