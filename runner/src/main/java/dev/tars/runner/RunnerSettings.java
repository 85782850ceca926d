package dev.tars.runner;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a runner works.
 *
 * @param workspace absolute; the tree that improvements are for
 * @param stateDir absolute; never in the workspace
 * @param env the environment of the process, for the variables that tarscli documents
 */
public record RunnerSettings(Path workspace, Path stateDir, Map<String, String> env) {
  public RunnerSettings {
    env = Map.copyOf(env);
  }

  /** Resolves the state directory: the option, $TARS_STATE_DIR, $XDG_STATE_HOME/tars, the home. */
  public static RunnerSettings of(
      Path workspace, Optional<Path> stateDir, Map<String, String> env) {
    Path state =
        stateDir
            .or(() -> variable(env, "TARS_STATE_DIR"))
            .or(() -> variable(env, "XDG_STATE_HOME").map(x -> x.resolve("tars")))
            .orElseGet(() -> home(env).resolve(".local/state/tars"));
    return new RunnerSettings(workspace, state.toAbsolutePath().normalize(), env);
  }

  /** The home directory of the user. */
  public Path home() {
    return home(env);
  }

  private static Path home(Map<String, String> env) {
    return variable(env, "HOME").orElseGet(() -> Path.of(System.getProperty("user.home")));
  }

  private static Optional<Path> variable(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name)).filter(v -> !v.isBlank()).map(Path::of);
  }
}
