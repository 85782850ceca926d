package dev.tars.runner;

import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.PolicySources;
import dev.tars.runner.store.StoreLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
@PublicApi
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

  /**
   * Refuses a state directory that is in the workspace, or around it, before either is touched.
   *
   * @throws RunnerException CONFIG_INVALID
   */
  public void requireApart() {
    StoreLayout.requireApart(stateDir, workspace, Optional.of(home()));
  }

  /**
   * The workspace, if this can be one: a directory that can be read, and neither holds nor is held
   * by the state directory. The home directory, say, is none as a rule.
   */
  Optional<Path> place() {
    boolean readable =
        Files.isDirectory(workspace, LinkOption.NOFOLLOW_LINKS)
            && Files.isReadable(workspace)
            && Files.isExecutable(workspace);
    return Optional.of(workspace).filter(w -> readable && StoreLayout.areApart(stateDir, w));
  }

  /** Where the policies of this workspace and user are. */
  PolicySources policies() {
    return new PolicySources(place(), Path.of("").toAbsolutePath(), env, home());
  }

  private static Path home(Map<String, String> env) {
    return variable(env, "HOME").orElseGet(() -> Path.of(System.getProperty("user.home")));
  }

  private static Optional<Path> variable(Map<String, String> env, String name) {
    return Optional.ofNullable(env.get(name)).filter(v -> !v.isBlank()).map(Path::of);
  }
}
