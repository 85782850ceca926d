package dev.tars.runner.policy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where policy files are looked for.
 *
 * @param workspace empty where a command has none: then no layer of it narrows the others
 */
public record PolicySources(
    Optional<Path> workspace, Path workingDirectory, Map<String, String> env, Path home) {
  public PolicySources {
    env = Map.copyOf(env);
  }

  /** The places of a workspace. */
  public PolicySources(Path workspace, Path workingDirectory, Map<String, String> env, Path home) {
    this(Optional.of(workspace), workingDirectory, env, home);
  }
}
