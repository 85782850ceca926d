package dev.tars.runner.sandbox.docker;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Ulimit;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds a container, before it starts, against what was asked: an engine may ignore a setting. */
final class Walls {
  private final List<String> differences = new ArrayList<>();

  private Walls() {}

  /**
   * Compares every setting that keeps a box closed.
   *
   * @throws RunnerException ISOLATION_DIFFERS with each difference
   */
  static void require(ContainerRequest asked, String user, InspectContainerResponse made) {
    Walls walls = new Walls();
    HostConfig host = made.getHostConfig();
    ContainerConfig config = made.getConfig();
    if (host == null || config == null) {
      walls.differences.add("the engine does not say what it made");
    } else {
      walls.host(asked.hostConfig(), host);
      walls.same("user", user, config.getUser());
      walls.same("terminal", false, Boolean.TRUE.equals(config.getTty()));
      walls.same("stdin", false, Boolean.TRUE.equals(config.getStdinOpen()));
      walls.same("command", asked.argv(), list(config.getEntrypoint()));
      walls.same("arguments", List.of(), list(config.getCmd()));
      walls.empty("volumes", config.getVolumes() == null ? 0 : config.getVolumes().size());
    }
    if (!walls.differences.isEmpty()) {
      RunnerException.Builder error =
          RunnerException.of(
              FailureCode.ISOLATION_DIFFERS, "the engine made another box than was asked for");
      walls.differences.forEach(error::note);
      throw error
          .note("nothing ran in it")
          .help("use an engine that honours these settings; see `tarscli doctor`");
    }
  }

  private void host(HostConfig asked, HostConfig made) {
    same("privileged", false, Boolean.TRUE.equals(made.getPrivileged()));
    same("read-only root", true, Boolean.TRUE.equals(made.getReadonlyRootfs()));
    same("init", true, Boolean.TRUE.equals(made.getInit()));
    if (asked.getRuntime() != null) {
      same("runtime", asked.getRuntime(), made.getRuntime());
    }
    same("network", asked.getNetworkMode(), made.getNetworkMode());
    same("ipc", asked.getIpcMode(), made.getIpcMode());
    same("cgroup namespace", asked.getCgroupnsMode(), made.getCgroupnsMode());
    same("pid namespace", "", text(made.getPidMode()));
    same("uts namespace", "", text(made.getUtSMode()));
    same("user namespace", "", text(made.getUsernsMode()));
    same("memory", asked.getMemory(), made.getMemory());
    same("memory with swap", asked.getMemorySwap(), made.getMemorySwap());
    same("processes", asked.getPidsLimit(), made.getPidsLimit());
    same("cpus", asked.getNanoCPUs(), made.getNanoCPUs());
    same("shared memory", asked.getShmSize(), made.getShmSize());
    same("temporary file systems", sorted(asked.getTmpFs()), sorted(made.getTmpFs()));
    same("limits", limits(asked.getUlimits()), limits(made.getUlimits()));
    same("security options", asked.getSecurityOpts(), made.getSecurityOpts());
    same("dropped capabilities", List.of(Capability.ALL), list(made.getCapDrop()));
    same("added capabilities", List.of(), list(made.getCapAdd()));
    same("devices", List.of(), list(made.getDevices()));
    empty("binds", made.getBinds() == null ? 0 : made.getBinds().length);
    empty("links", made.getLinks() == null ? 0 : made.getLinks().length);
    empty("borrowed volumes", made.getVolumesFrom() == null ? 0 : made.getVolumesFrom().length);
    empty("groups", made.getGroupAdd() == null ? 0 : made.getGroupAdd().size());
    same("mounts", mounts(asked), mounts(made));
  }

  private static List<String> mounts(HostConfig config) {
    if (config.getMounts() == null) {
      return List.of();
    }
    return config.getMounts().stream()
        .map(m -> {
          var options = m.getVolumeOptions();
          var driver = options == null ? null : options.getDriverConfig();
          return m.getType()
              + " "
              + m.getTarget()
              + " "
              + (driver == null ? "" : driver.getName() + " " + sorted(driver.getOptions()));
        })
        .sorted()
        .toList();
  }

  private static Map<String, String> sorted(@Nullable Map<String, String> map) {
    return map == null ? Map.of() : new TreeMap<>(map);
  }

  private static List<String> limits(Ulimit @Nullable [] limits) {
    return list(limits).stream()
        .map(l -> l.getName() + " " + l.getSoftLong() + " " + l.getHardLong())
        .sorted()
        .toList();
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> list(T @Nullable [] values) {
    return values == null ? List.of() : Arrays.asList(values);
  }

  private void empty(String what, int size) {
    same(what, 0, size);
  }

  private void same(String what, @Nullable Object asked, @Nullable Object made) {
    boolean equal =
        (asked instanceof Collection<?> && made instanceof Collection<?>)
            ? texts(asked).equals(texts(made))
            : Objects.equals(asked, made);
    if (!equal) {
      differences.add(what + ": asked for " + shown(asked) + ", got " + shown(made));
    }
  }

  /** The order of a list means nothing here. */
  private static Set<String> texts(Object collection) {
    return ((Collection<?>) collection)
        .stream().map(String::valueOf).collect(Collectors.toCollection(TreeSet::new));
  }

  private static String shown(@Nullable Object value) {
    String text = dev.tars.runner.model.Escape.line(String.valueOf(value));
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }
}
