package dev.tars.runner.sandbox;

import dev.tars.runner.model.RelativePath;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.workspace.Layer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lowers policy, layer and command to a spec. Pure. */
public final class SandboxSpecs {
  /** Where the workspace is in every box. */
  public static final String WORKSPACE = "/workspace";

  private SandboxSpecs() {}

  /**
   * A command and what it runs on.
   *
   * @param cwd below the workspace
   * @param env what the command itself sets; the policy's variables win
   */
  public record Command(
      List<String> argv,
      RelativePath cwd,
      Map<String, String> env,
      Duration timeout,
      SandboxSpec.Owner owner) {
    public Command {
      argv = List.copyOf(argv);
      env = Map.copyOf(env);
    }
  }

  /**
   * What every command of one run or gate shares.
   *
   * @param policyEnv variables that the policy sets
   */
  public record Room(
      Sandbox.ImageFacts image,
      Layer layer,
      List<LayerMount> caches,
      ResourceLimits limits,
      Map<String, String> policyEnv) {
    public Room {
      caches = List.copyOf(caches);
      policyEnv = Map.copyOf(policyEnv);
    }
  }

  public static SandboxSpec lower(Room room, Command command) {
    List<LayerMount> layers = new ArrayList<>();
    layers.add(
        new LayerMount(
            WORKSPACE, room.layer().lowers(), room.layer().upper(), room.layer().work()));
    layers.addAll(room.caches());
    Map<String, String> env = standardEnv();
    env.putAll(command.env());
    env.putAll(room.policyEnv());
    String cwd =
        command.cwd().isRoot() ? WORKSPACE : WORKSPACE + "/" + command.cwd().bytes().lossyText();
    return new SandboxSpec(
        room.image().id(),
        command.argv(),
        cwd,
        env,
        layers,
        withDeadline(room.limits(), command.timeout()),
        command.owner());
  }

  /** A command of our own on files that are no workspace: nothing of a policy but its limits. */
  public static SandboxSpec alone(
      Sandbox.ImageFacts image, LayerMount files, ResourceLimits limits, Command command) {
    return new SandboxSpec(
        image.id(),
        command.argv(),
        WORKSPACE,
        standardEnv(),
        List.of(files),
        withDeadline(limits, command.timeout()),
        command.owner());
  }

  private static Map<String, String> standardEnv() {
    Map<String, String> env = new TreeMap<>();
    env.put("HOME", "/home/tars");
    env.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("LANG", "C.UTF-8");
    return env;
  }

  private static ResourceLimits withDeadline(ResourceLimits limits, Duration timeout) {
    Duration deadline = timeout.compareTo(limits.wallClock()) < 0 ? timeout : limits.wallClock();
    return new ResourceLimits(
        limits.milliCpus(),
        limits.memory(),
        limits.pids(),
        limits.disk(),
        limits.inodes(),
        limits.openFiles(),
        limits.output(),
        limits.tmp(),
        deadline,
        limits.walls());
  }
}
