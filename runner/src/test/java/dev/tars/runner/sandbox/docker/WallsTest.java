package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.LayerMount;
import dev.tars.runner.sandbox.SandboxSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An engine that makes another box than it was asked for; a setting is changed one at a time. */
class WallsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String USER = "65532:65532";

  private final ContainerRequest request =
      new ContainerRequest(
          new SandboxSpec(
              "sha256:image",
              List.of("mvn", "test"),
              "/workspace",
              Map.of("CI", "true"),
              List.of(
                  new LayerMount(
                      "/workspace",
                      List.of(Path.of("/state/delta"), Path.of("/state/base")),
                      Path.of("/state/upper"),
                      Path.of("/state/work"))),
              new ResourceLimits(
                  2000,
                  ByteCount.mebibytes(512),
                  128,
                  ByteCount.mebibytes(256),
                  20_000,
                  1024,
                  ByteCount.mebibytes(1),
                  ByteCount.mebibytes(64),
                  Duration.ofMinutes(2)),
              new SandboxSpec.Owner("CTX-1", "step:test")),
          Map.of("dev.tars.context", "CTX-1"),
          USER,
          "{}");

  @Test
  void theBoxThatWasAskedForPasses() {
    assertThatCode(() -> Walls.require(request, USER, made("", "null"))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HostConfig/Privileged | true",
        "HostConfig/ReadonlyRootfs | false",
        "HostConfig/Init | false",
        "HostConfig/NetworkMode | \"host\"",
        "HostConfig/NetworkMode | \"bridge\"",
        "HostConfig/IpcMode | \"host\"",
        "HostConfig/PidMode | \"host\"",
        "HostConfig/UTSMode | \"host\"",
        "HostConfig/UsernsMode | \"host\"",
        "HostConfig/CgroupnsMode | \"host\"",
        "HostConfig/Memory | 0",
        "HostConfig/MemorySwap | -1",
        "HostConfig/PidsLimit | -1",
        "HostConfig/NanoCpus | 0",
        "HostConfig/ShmSize | 99999999999",
        "HostConfig/Tmpfs | {\"/tmp\":\"rw\"}",
        "HostConfig/Ulimits | []",
        "HostConfig/SecurityOpt | [\"no-new-privileges\"]",
        "HostConfig/SecurityOpt | [\"no-new-privileges\",\"seccomp=unconfined\"]",
        "HostConfig/CapDrop | []",
        "HostConfig/CapAdd | [\"SYS_ADMIN\"]",
        "HostConfig/Binds | [\"/:/host\"]",
        "HostConfig/VolumesFrom | [\"other\"]",
        "HostConfig/GroupAdd | [\"docker\"]",
        "HostConfig/Devices | [{\"PathOnHost\":\"/dev/sda\",\"PathInContainer\":\"/dev/sda\"}]",
        "HostConfig/Devices | \"all\"",
        "HostConfig/DeviceRequests | [{\"Count\":-1,\"Capabilities\":[[\"gpu\"]]}]",
        "HostConfig/DeviceCgroupRules | [\"c 42:* rmw\"]",
        "HostConfig/Links | [\"/other:/box/other\"]",
        "HostConfig/Sysctls | {\"net.ipv4.ip_forward\":\"1\"}",
        "HostConfig/Memory | \"536870912\"",
        "HostConfig/ReadonlyRootfs | \"true\"",
        "HostConfig/Privileged | 1",
        "HostConfig | null",
        "Config | []",
        "HostConfig/Mounts | []",
        "HostConfig/Mounts | [{\"Type\":\"bind\",\"Source\":\"/\",\"Target\":\"/workspace\"}]",
        "Config/User | \"0:0\"",
        "Config/User | \"\"",
        "Config/Tty | true",
        "Config/OpenStdin | true",
        "Config/Entrypoint | [\"sh\"]",
        "Config/Cmd | [\"-c\",\"evil\"]",
        "Config/Volumes | {\"/data\":{}}"
      })
  void anySettingThatDiffersStopsTheRun(String setting, String value) {
    assertThatThrownBy(() -> Walls.require(request, USER, made(setting, value)))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("another box than was asked for");
  }

  /** What an engine would say of the container, with one setting changed. */
  private JsonNode made(String setting, String value) {
    try {
      ObjectNode inspect = MAPPER.createObjectNode();
      inspect.set("HostConfig", request.hostConfig());
      ObjectNode config = inspect.putObject("Config");
      config.put("User", USER).put("Tty", false).put("OpenStdin", false);
      config.set("Entrypoint", MAPPER.valueToTree(request.argv()));
      int slash = setting.indexOf('/');
      if (slash < 0 && !setting.isEmpty()) {
        inspect.set(setting, MAPPER.readTree(value));
      }
      if (slash > 0) {
        ObjectNode section = (ObjectNode) inspect.get(setting.substring(0, slash));
        JsonNode changed = MAPPER.readTree(value);
        section.set(setting.substring(slash + 1), changed);
      }
      return MAPPER.readTree(inspect.toString());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
