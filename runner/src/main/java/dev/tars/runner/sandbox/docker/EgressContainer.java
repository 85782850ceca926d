package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Mount;
import com.github.dockerjava.api.model.MountType;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.VolumeOptions;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A gateway or a proxy as an engine's create request: our own program, as closed as a box, with one
 * volume that only these two mount. The gateway has no network; the proxy has the engine's ordinary
 * one.
 *
 * @param arguments of the program in the image
 * @param network {@code none} or {@code bridge}
 * @param socket name of the volume in which the proxy's socket is
 */
record EgressContainer(
    List<String> arguments, String network, String socket, Map<String, String> labels) {
  private static final long MEMORY = 192L << 20;
  static final String SOCKET_DIRECTORY = "/run/egress";
  static final String TABLE_DIRECTORY = "/etc/egress";

  static EgressContainer gateway(String denied, String socket, Map<String, String> labels) {
    return new EgressContainer(List.of("gateway", denied), "none", socket, labels);
  }

  static EgressContainer proxy(String socket, Map<String, String> labels) {
    return new EgressContainer(List.of("proxy"), "bridge", socket, labels);
  }

  private boolean isProxy() {
    return network.equals("bridge");
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
    List<Mount> mounts = new ArrayList<>();
    mounts.add(
        new Mount().withType(MountType.VOLUME).withSource(socket).withTarget(SOCKET_DIRECTORY));
    if (isProxy()) {
      mounts.add(
          new Mount()
              .withType(MountType.VOLUME)
              .withTarget(TABLE_DIRECTORY)
              .withVolumeOptions(new VolumeOptions().withLabels(labels)));
    }
    return HostConfig.newHostConfig()
        .withInit(false)
        .withAutoRemove(false)
        .withPrivileged(false)
        .withReadonlyRootfs(true)
        .withPublishAllPorts(false)
        .withRestartPolicy(RestartPolicy.noRestart())
        .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges", "seccomp=" + seccomp))
        .withNetworkMode(network)
        .withDnsSearch(List.of("."))
        .withIpcMode("private")
        .withCgroupnsMode("private")
        .withPidsLimit(128L)
        .withMemory(MEMORY)
        .withMemorySwap(MEMORY)
        .withUlimits(List.of(new Ulimit("nofile", 4096L, 4096L), new Ulimit("core", 0L, 0L)))
        .withMounts(mounts);
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
            && network.equals(mode(host))
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
