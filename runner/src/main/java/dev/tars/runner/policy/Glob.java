package dev.tars.runner.policy;

import dev.tars.runner.model.Bytes;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RelativePath;
import java.util.List;

/** A pattern over the bytes of a path from the workspace root; see {@code docs/formats.md}. */
public interface Glob {
  @PublicApi
  boolean matches(RelativePath path);

  /** {@link #matches(RelativePath)} for a path whose components are at hand. */
  boolean matches(List<Bytes> components);

  /** True if it may match a path below a directory of these names. */
  default boolean mayMatchBelow(List<Bytes> directory) {
    return alternatives().stream().anyMatch(pattern -> GlobPrefix.leadsOn(pattern, directory));
  }

  /** The components of each pattern that the braces stand for. */
  List<List<GlobComponent>> alternatives();

  /** As written. */
  @PublicApi
  String text();
}
