package dev.tars.runner.policy;

import java.nio.file.Path;
import java.util.Map;

/** Where policy files are looked for. */
public record PolicySources(
    Path workspace, Path workingDirectory, Map<String, String> env, Path home) {
  public PolicySources {
    env = Map.copyOf(env);
  }
}
