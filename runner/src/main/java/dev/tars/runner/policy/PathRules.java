package dev.tars.runner.policy;

import dev.tars.runner.model.RelativePath;

/** The part of a policy that decides what is copied in and what is thrown away. */
public interface PathRules {

  /** True if the path, or a directory it is in, is not copied into the box. */
  boolean hidden(RelativePath path);

  /** True if the path, or a directory it is in, is writable in the box and dropped afterwards. */
  boolean scratch(RelativePath path);
}
