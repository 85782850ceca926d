package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
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

  /** The body of the engine's {@code POST /containers/create}. */
  ObjectNode body() {
    boolean joined = spec.network() instanceof NetworkAccess.Joined;
    ObjectNode body = CanonicalJson.object();
    if (!joined) {
      body.put("Hostname", "sandbox");
    }
    body.put("Image", spec.image())
        .put("WorkingDir", spec.cwd())
        .put("User", user)
        .put("Tty", false)
        .put("OpenStdin", false)
        .put("StdinOnce", false)
        .put("AttachStdin", false)
        .put("AttachStdout", true)
        .put("AttachStderr", true)
        .put("NetworkDisabled", !joined);
    texts(body.putArray("Entrypoint"), spec.argv());
    ArrayNode env = body.putArray("Env");
    new TreeMap<>(spec.env()).forEach((name, value) -> env.add(name + "=" + value));
    texts(body.putObject("Labels"), labels);
    body.putObject("Healthcheck").putArray("Test").add("NONE");
    body.set("HostConfig", hostConfig());
    return body;
  }

  List<String> argv() {
    return spec.argv();
  }

  ObjectNode hostConfig() {
    ResourceLimits limits = spec.limits();
    ObjectNode config = CanonicalJson.object();
    limits.walls().runtime().ifPresent(name -> config.put("Runtime", name));
    config
        .put("Init", true)
        .put("AutoRemove", false)
        .put("Privileged", false)
        .put("ReadonlyRootfs", true)
        .put("PublishAllPorts", false)
        .put("NetworkMode", networkMode())
        .put("IpcMode", "private")
        .put("CgroupnsMode", "private")
        .put("PidsLimit", (long) limits.pids())
        .put("Memory", limits.memory().bytes())
        .put("MemorySwap", limits.memory().bytes())
        .put("NanoCpus", limits.milliCpus() * 1_000_000L)
        .put("ShmSize", 64L << 20);
    config.putObject("RestartPolicy").put("Name", "").put("MaximumRetryCount", 0);
    config.putObject("LogConfig").put("Type", "none").putObject("Config");
    config.putArray("CapDrop").add("ALL");
    texts(config.putArray("SecurityOpt"), securityOptions(limits));
    ArrayNode ulimits = config.putArray("Ulimits");
    limit(ulimits, "nofile", limits.openFiles());
    limit(ulimits, "core", 0);
    limit(ulimits, "fsize", limits.disk().bytes());
    texts(config.putObject("Tmpfs"), temporaryFileSystems(limits));
    ArrayNode mounts = config.putArray("Mounts");
    spec.layers().forEach(layer -> mount(layer, mounts.addObject()));
    return config;
  }

  private static void limit(ArrayNode ulimits, String name, long most) {
    ulimits.addObject().put("Name", name).put("Soft", most).put("Hard", most);
  }

  private static void texts(ArrayNode into, List<String> values) {
    values.forEach(into::add);
  }

  private static void texts(ObjectNode into, Map<String, String> values) {
    values.forEach(into::put);
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
  private void mount(LayerMount layer, ObjectNode into) {
    ObjectNode options =
        into.put("Type", "volume").put("Target", layer.target()).putObject("VolumeOptions");
    options.put("NoCopy", true);
    texts(options.putObject("Labels"), labels);
    options
        .putObject("DriverConfig")
        .put("Name", "local")
        .putObject("Options")
        .put("type", "overlay")
        .put("device", "overlay")
        .put(
            "o",
            "lowerdir=%s,upperdir=%s,workdir=%s,userxattr,index=off,nosuid,nodev"
                .formatted(
                    layer.lowers().stream().map(Path::toString).collect(Collectors.joining(":")),
                    layer.upper(),
                    layer.work()));
  }
}
