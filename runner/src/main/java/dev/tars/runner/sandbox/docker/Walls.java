package dev.tars.runner.sandbox.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** Holds a container, before it starts, against what was asked: an engine may ignore a setting. */
final class Walls {
  private static final List<String> NUMBERS =
      List.of("Memory", "MemorySwap", "PidsLimit", "NanoCpus", "ShmSize");
  private static final List<String> TEXTS = List.of("NetworkMode", "IpcMode", "CgroupnsMode");

  /** Whatever is asked for by one of these opens a box; it must be absent or empty. */
  private static final List<String> NOTHING =
      List.of(
          "PidMode",
          "UTSMode",
          "UsernsMode",
          "CapAdd",
          "Devices",
          "DeviceRequests",
          "DeviceCgroupRules",
          "Binds",
          "Links",
          "VolumesFrom",
          "GroupAdd",
          "Sysctls");

  private final List<String> differences = new ArrayList<>();

  private Walls() {}

  /**
   * Compares every setting that keeps a box closed.
   *
   * @param made what the engine says of the container
   * @throws RunnerException ISOLATION_DIFFERS with each difference
   */
  static void require(ContainerRequest asked, String user, JsonNode made) {
    Walls walls = new Walls();
    JsonNode host = made.path("HostConfig");
    JsonNode config = made.path("Config");
    if (!host.isObject() || !config.isObject()) {
      walls.differences.add("the engine does not say what it made");
    } else {
      walls.host(asked.hostConfig(), host);
      walls.same("User", user, config.path("User").asText());
      walls.flag("Tty", false, config);
      walls.flag("OpenStdin", false, config);
      walls.same("Entrypoint", asked.argv(), texts(config.path("Entrypoint")));
      walls.nothing("Cmd", config);
      walls.nothing("Volumes", config);
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

  private void host(JsonNode asked, JsonNode made) {
    flag("Privileged", false, made);
    flag("ReadonlyRootfs", true, made);
    flag("Init", true, made);
    if (asked.has("Runtime")) {
      same("Runtime", asked.path("Runtime").asText(), made.path("Runtime").asText());
    }
    for (String name : TEXTS) {
      same(name, asked.path(name).asText(), made.path(name).asText());
    }
    for (String name : NUMBERS) {
      same(name, number(asked.path(name)), number(made.path(name)));
    }
    NOTHING.forEach(name -> nothing(name, made));
    same("Tmpfs", sorted(asked.path("Tmpfs")), sorted(made.path("Tmpfs")));
    same("Ulimits", limits(asked), limits(made));
    same("SecurityOpt", unordered(asked.path("SecurityOpt")), unordered(made.path("SecurityOpt")));
    same("CapDrop", List.of("ALL"), texts(made.path("CapDrop")));
    same("Mounts", mounts(asked), mounts(made));
  }

  /** What is not a whole number is none of the numbers that are asked for. */
  private static String number(JsonNode value) {
    return value.isIntegralNumber() ? value.bigIntegerValue().toString() : "not a number";
  }

  private static List<String> mounts(JsonNode config) {
    return StreamSupport.stream(config.path("Mounts").spliterator(), false)
        .map(m -> {
          JsonNode driver = m.at("/VolumeOptions/DriverConfig");
          return m.path("Type").asText()
              + " "
              + m.path("Target").asText()
              + " "
              + driver.path("Name").asText()
              + " "
              + sorted(driver.path("Options"));
        })
        .sorted()
        .toList();
  }

  private static List<String> limits(JsonNode config) {
    return StreamSupport.stream(config.path("Ulimits").spliterator(), false)
        .map(l ->
            l.path("Name").asText() + " " + number(l.path("Soft")) + " " + number(l.path("Hard")))
        .sorted()
        .toList();
  }

  private static Map<String, String> sorted(JsonNode object) {
    Map<String, String> sorted = new TreeMap<>();
    object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
    return sorted;
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** The order of these means nothing. */
  private static List<String> unordered(JsonNode list) {
    return texts(list).stream().sorted().toList();
  }

  private void flag(String what, boolean asked, JsonNode made) {
    JsonNode value = made.path(what);
    boolean unsaid = value.isMissingNode() || value.isNull();
    same(what, String.valueOf(asked), unsaid ? "false" : value.toString());
  }

  private void nothing(String what, JsonNode made) {
    JsonNode value = made.path(what);
    boolean none =
        switch (value.getNodeType()) {
          case MISSING, NULL -> true;
          case STRING -> value.textValue().isEmpty();
          case ARRAY, OBJECT -> value.isEmpty();
          default -> false;
        };
    if (!none) {
      differences.add(what + ": asked for nothing, got " + shown(value));
    }
  }

  private void same(String what, Object asked, Object made) {
    if (!asked.equals(made)) {
      differences.add(what + ": asked for " + shown(asked) + ", got " + shown(made));
    }
  }

  private static String shown(Object value) {
    String text = Escape.line(String.valueOf(value));
    return text.length() > 120 ? text.substring(0, 120) + "…" : text;
  }
}
