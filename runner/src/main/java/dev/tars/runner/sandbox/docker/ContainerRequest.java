package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Driver;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.tars.runner.policy.BoxWalls;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.NetworkAccess;
import dev.tars.runner.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A spec as an engine's create request. Every setting is named, also where it is the engine's
 * default: a default may change, a request that names it does not.
 */
final class ContainerRequest {
  private static final long HOME_BYTES = 256L << 20;

  private final SandboxSpec spec;
  private final Map<String, String> labels;
  private final String user;
  private final String seccomp;

  ContainerRequest(SandboxSpec spec, Map<String, String> labels, String user, String seccomp) {
    this.spec = spec;
    this.labels = Map.copyOf(labels);
    this.user = user;
    this.seccomp = seccomp;
  }

  CreateContainerCmd fill(CreateContainerCmd create) {
    boolean joined = spec.network() instanceof NetworkAccess.Joined;
    CreateContainerCmd named = joined ? create : create.withHostName("sandbox");
    return named
        .withEntrypoint(spec.argv())
        .withWorkingDir(spec.cwd())
        .withUser(user)
        .withEnv(
            new TreeMap<>(spec.env())
                .entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList())
        .withLabels(labels)
        .withTty(false)
        .withStdinOpen(false)
        .withStdInOnce(false)
        .withAttachStdin(false)
        .withAttachStdout(true)
        .withAttachStderr(true)
        .withNetworkDisabled(!joined)
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(hostConfig());
  }

  List<String> argv() {
    return spec.argv();
  }

  HostConfig hostConfig() {
    ResourceLimits limits = spec.limits();
    HostConfig config = HostConfig.newHostConfig();
    limits.walls().runtime().ifPresent(config::withRuntime);
    return config
        .withInit(true)
        .withAutoRemove(false)
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withPublishAllPorts(false)
        .withRestartPolicy(RestartPolicy.noRestart())
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(securityOptions(limits))
        .withNetworkMode(networkMode())
        .withIpcMode("private")
        .withCgroupnsMode("private")
        .withPidsLimit((long) limits.pids())
        .withMemory(limits.memory().bytes())
        .withMemorySwap(limits.memory().bytes())
        .withMemorySwappiness(null)
        .withNanoCPUs(limits.milliCpus() * 1_000_000L)
        .withShmSize(64L << 20)
        .withUlimits(
            List.of(
                new Ulimit("nofile", (long) limits.openFiles(), (long) limits.openFiles()),
                new Ulimit("core", 0L, 0L),
                new Ulimit("fsize", limits.disk().bytes(), limits.disk().bytes())))
        .withTmpFs(temporaryFileSystems(limits))
        .withMounts(spec.layers().stream().map(this::mount).toList());
  }

  /** A container that joins the name space of another one has its host name too. */
  private String networkMode() {
    return switch (spec.network()) {
      case NetworkAccess.None() -> "none";
      case NetworkAccess.Joined(String container) -> "container:" + container;
    };
  }

  /** Without a list of its own, the engine's is in force. */
  private List<String> securityOptions(ResourceLimits limits) {
    return limits.walls().seccomp() == BoxWalls.Seccomp.STRICT
        ? List.of("no-new-privileges", "seccomp=" + seccomp)
        : List.of("no-new-privileges");
  }

  /**
   * The home belongs to the user of the box: engines give a temporary file system the mode of the
   * directory that the image has in its place, whatever mode is asked for.
   */
  private Map<String, String> temporaryFileSystems(ResourceLimits limits) {
    String inodes = ",nr_inodes=" + Math.min(limits.inodes(), 200_000);
    Map<String, String> file = new TreeMap<>();
    file.put("/tmp", "rw,exec,nosuid,nodev,mode=1777,size=" + limits.tmp().bytes() + inodes);
    int colon = user.indexOf(':');
    file.put(
        "/home/tars",
        "rw,exec,nosuid,nodev,mode=0755,uid=%s,gid=%s,size=%d"
                .formatted(user.substring(0, colon), user.substring(colon + 1), HOME_BYTES)
            + inodes);
    return file;
  }

  /** An anonymous volume: it is made with the container and goes with it. */
  private Mount mount(LayerMount layer) {
    Map<String, String> options = new TreeMap<>();
    options.put("type", "overlay");
    options.put("device", "overlay");
    options.put(
        "o",
        "lowerdir=%s,upperdir=%s,workdir=%s,userxattr,index=off,nosuid,nodev"
            .formatted(
                layer.lowers().stream().map(Path::toString).collect(Collectors.joining(":")),
                layer.upper(),
                layer.work()));
    return new Mount()
        .withType(MountType.VOLUME)
        .withTarget(layer.target())
        .withVolumeOptions(
            new VolumeOptions()
                .withNoCopy(true)
                .withLabels(labels)
                .withDriverConfig(new Driver().withName("local").withOptions(options)));
  }
}
