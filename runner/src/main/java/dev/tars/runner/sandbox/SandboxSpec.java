package dev.tars.runner.sandbox;

import dev.tars.runner.policy.ResourceLimits;
import java.util.List;
import java.util.Map;

/**
 * One command and the walls around it. Grants nothing by default: no network, no capability, no
 * host file but the layers.
 *
 * @param image id of the image, {@code sha256:…}
 * @param argv the command; never given to a shell
 * @param cwd absolute path in the box
 * @param env the whole environment
 * @param layers the workspace first, then caches
 * @param network none, unless it is asked for
 * @param limits {@code wallClock} is the deadline of this command
 * @param owner what the container belongs to
 */
public record SandboxSpec(
    String image,
    List<String> argv,
    String cwd,
    Map<String, String> env,
    List<LayerMount> layers,
    NetworkAccess network,
    ResourceLimits limits,
    Owner owner) {
  public SandboxSpec {
    argv = List.copyOf(argv);
    env = Map.copyOf(env);
    layers = List.copyOf(layers);
  }

  /** A command without network. */
  public SandboxSpec(
      String image,
      List<String> argv,
      String cwd,
      Map<String, String> env,
      List<LayerMount> layers,
      ResourceLimits limits,
      Owner owner) {
    this(image, argv, cwd, env, layers, new NetworkAccess.None(), limits, owner);
  }

  /** The same command on other layers. */
  public SandboxSpec withLayers(List<LayerMount> others) {
    return new SandboxSpec(image, argv, cwd, env, others, network, limits, owner);
  }

  /** The same command in a name space with a gateway, and told of it. */
  SandboxSpec joined(NetworkAccess access) {
    return new SandboxSpec(
        image, argv, cwd, ProxyEnvironment.under(env), layers, access, limits, owner);
  }

  /**
   * Marks containers, volumes and networks, so that leftovers are found and only ours are removed.
   *
   * @param context for example {@code CTX-12}
   * @param purpose for example {@code step:compile}, {@code gate:unit}
   */
  public record Owner(String context, String purpose) {}
}
