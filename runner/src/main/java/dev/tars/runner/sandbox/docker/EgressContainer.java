package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import com.github.dockerjava.api.model.VolumesFrom;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A gateway or a proxy as an engine's create request: our own program, as closed as a box, with
 * volumes that only these two mount. The gateway has no network; the proxy has the engine's
 * ordinary one. The engine removes both, and the volumes, when they end.
 *
 * @param arguments of the program in the image
 * @param proxy id of the proxy whose volumes a gateway reads; empty for the proxy itself
 */
record EgressContainer(List<String> arguments, Optional<String> proxy, Map<String, String> labels) {
  private static final long MEMORY = 192L << 20;
  static final String SOCKET_DIRECTORY = "/run/egress";
  static final String TABLE_DIRECTORY = "/etc/egress";

  static EgressContainer gateway(String denied, String proxy, Map<String, String> labels) {
    return new EgressContainer(List.of("gateway", denied), Optional.of(proxy), labels);
  }

  static EgressContainer proxy(Map<String, String> labels) {
    return new EgressContainer(List.of("proxy"), Optional.empty(), labels);
  }

  private boolean isProxy() {
    return proxy.isEmpty();
  }

  private String network() {
    return isProxy() ? "bridge" : "none";
  }

  CreateContainerCmd fill(CreateContainerCmd create, String seccomp, List<String> hosts) {
    return create
        .withCmd(arguments)
        .withLabels(labels)
        .withTty(false)
        .withStdinOpen(true)
        .withStdInOnce(true)
        .withAttachStdin(true)
        .withAttachStdout(true)
        .withAttachStderr(true)
        .withHostName("sandbox")
        .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
        .withHostConfig(
            isProxy()
                ? hostConfig(seccomp).withExtraHosts(hosts.toArray(new String[0]))
                : hostConfig(seccomp));
  }

  HostConfig hostConfig(String seccomp) {
    HostConfig config = HostConfig.newHostConfig();
    proxy.ifPresentOrElse(
        id -> config.withVolumesFrom(new VolumesFrom(id, AccessMode.ro)),
        () -> config.withMounts(List.of(volume(SOCKET_DIRECTORY), volume(TABLE_DIRECTORY))));
    return config
        .withInit(false)
        .withAutoRemove(true)
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withPublishAllPorts(false)
        .withRestartPolicy(RestartPolicy.noRestart())
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + seccomp))
        .withNetworkMode(network())
        .withDnsSearch(List.of("."))
        .withIpcMode("private")
        .withCgroupnsMode("private")
        .withPidsLimit(128L)
        .withMemory(MEMORY)
        .withMemorySwap(MEMORY)
        .withUlimits(List.of(new Ulimit("nofile", 4096L, 4096L), new Ulimit("core", 0L, 0L)));
  }

  /** An anonymous one: it goes with the last container that has it. */
  private Mount volume(String target) {
    return new Mount()
        .withType(MountType.VOLUME)
        .withTarget(target)
        .withVolumeOptions(new VolumeOptions().withLabels(labels));
  }

  /**
   * Compares what keeps it closed with what the engine made.
   *
   * @throws RunnerException ISOLATION_DIFFERS
   */
  void require(InspectContainerResponse made) {
    HostConfig host = made.getHostConfig();
    boolean asAsked =
        host != null
            && network().equals(mode(host))
            && Boolean.TRUE.equals(host.getReadonlyRootfs())
            && !Boolean.TRUE.equals(host.getPrivileged())
            && host.getCapDrop() != null
            && List.of(host.getCapDrop()).equals(List.of(Capability.ALL))
            && (host.getBinds() == null || host.getBinds().length == 0)
            && Objects.equals(host.getMemory(), MEMORY);
    if (!asAsked) {
      throw RunnerException.of(
              FailureCode.ISOLATION_DIFFERS,
              "the engine made another " + arguments.getFirst() + " than was asked for")
          .note("nothing ran with it")
          .help("use an engine that honours these settings; see `tarscli doctor`");
    }
  }

  /** An engine may call its ordinary network by its other name. */
  private static String mode(HostConfig host) {
    return "default".equals(host.getNetworkMode())
        ? "bridge"
        : String.valueOf(host.getNetworkMode());
  }
}
