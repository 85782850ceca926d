package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;

/** A pattern over the bytes of a path from the workspace root; see {@code docs/formats.md}. */
public interface Glob {
  boolean matches(RelativePath path);

  /** As written. */
  String text();
}
