package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CommitCmd;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Volume;
import com.github.dockerjava.api.model.Volumes;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.BoxWalls;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Layer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IndefiniteWaitOneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * Ways out of a box. Each payload prints OPEN where it works: in a box it does not, and in a
 * container that is weak on purpose it does, so the test is known to see.
 */
class BoxDockerIT {
  static final String IMAGE = System.getProperty("tars.sandbox.image", "tars-sandbox:default");

  /** Makes a system call by its number and says whether the kernel did it. */
  private static final String CALL =
      "python3 -c \"import ctypes,sys; c=ctypes.CDLL(None,use_errno=True);"
          + " r=c.syscall(*map(int,sys.argv[1:])); print('OPEN' if r>=0 else ctypes.get_errno())\" ";

  /** The same, where a call that is let through fails for another reason than being forbidden. */
  private static final String MAY =
      "python3 -c \"import ctypes,sys; c=ctypes.CDLL(None,use_errno=True);"
          + " r=c.syscall(*map(int,sys.argv[1:])); e=ctypes.get_errno();"
          + " print('no' if r<0 and e in (1,38) else 'OPEN')\" ";

  /** Mounts a read-only place again, so that it can be written. */
  private static final String WRITABLE =
      "python3 -c \"import ctypes,sys;"
          + " ctypes.CDLL(None).mount(b'none', sys.argv[1].encode(), None, 4096+32, None)\" ";

  @TempDir private Path temp;
  private final String canary = UUID.randomUUID().toString();
  private StoreLayout layout;
  private Sandbox sandbox;
  private DockerClient docker;

  @BeforeEach
  void connect() throws IOException {
    Files.createDirectories(temp.resolve("ws"));
    Files.writeString(temp.resolve("canary"), canary);
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    Files.createDirectories(layout.root().resolve("layers"));
    sandbox = DockerSandbox.connect(Optional.ofNullable(System.getenv("DOCKER_HOST")), layout);
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    docker =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
  }

  @AfterEach
  void close() throws IOException {
    sandbox.close();
    docker.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "write the root file system | touch /usr/evil && echo OPEN",
        "give a file away           | touch /tmp/x && chown 1:1 /tmp/x && echo OPEN",
        "make a device              | mknod /tmp/d b 8 0 && echo OPEN",
        "be root                    | [ \"$(id -u)\" = 0 ] && echo OPEN",
        "read other mounts          | cat /canary/canary && echo OPEN",
        "talk to the engine         | test -S /var/run/docker.sock && echo OPEN",
        "open a raw socket          | python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, 1); print(\"OPEN\")'",
        "unshare a name space       | @call 272 268435456",
        "mount                      | python3 -c \"import ctypes; r=ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None); print('OPEN' if r == 0 else r)\"",
        "trace a process            | @call 101 0 0 0 0",
        "use the kernel's keys      | @call 250 0 -3 1",
        "fault in user space        | @call 323 1",
        "have root's group          | case \" $(id -G) \" in *\" 0 \"*) echo OPEN;; esac",
        "make a device in the layer | mkdir -p /workspace; mknod /workspace/sda b 8 0 && echo OPEN",
        "set up a ring              | @may 425 8 0",
        "load a kernel program      | @may 321 0 0 0",
        "watch the machine          | @may 298 0 0 -1 -1 0",
        "add a key                  | @may 248 0 0 0 0 0",
        "read another's memory      | @may 310 1 0 0 0 0 0",
        "write another's memory     | @may 311 1 0 0 0 0 0",
        "open by handle             | @may 304 -1 0 0",
        "enter a name space         | @may 308 -1 0",
        "read the kernel's log      | @may 103 10 0 0",
        "splice memory              | @may 278 -1 0 0 0",
        "take a descriptor          | @may 438 -1 0 0",
        "open a tree                | @may 428 -100 0 0",
        "open a file system         | @may 430 0 0",
        "move a mount               | @may 429 -1 0 -1 0 0",
        "change a mount             | @may 442 -1 0 0 0 0",
        "pivot the root             | @may 155 0 0",
        "change the root            | @may 161 0",
        "write kernel settings      | @rw /proc/sys; [ -w /proc/sys/kernel/core_pattern ] && echo OPEN",
        "find an engine's socket    | [ -n \"$(find / -name docker.sock -o -name containerd.sock 2>/dev/null)\" ] && echo OPEN",
        "see the host's processes   | test -d /proc/@pid && echo OPEN",
        "get a quota                | python3 -c \"import ctypes; c=ctypes.CDLL(None, use_errno=True); c.syscall(179, 0, 0, 0, 0); print('OPEN' if ctypes.get_errno() != 1 else 'no')\"",
      })
  void nothingGetsOutOfABox(String what, String payload) {
    String script =
        payload
            .replace("@call ", CALL)
            .replace("@may ", MAY)
            .replace("@rw ", WRITABLE)
            .replace("@pid", Long.toString(ProcessHandle.current().pid()));
    assertThat(inBox(script)).as(what).doesNotContain("OPEN").doesNotContain(canary);
    assertThat(inWeakContainer(script)).as("the control: " + what).contains("OPEN");
  }

  @Test
  void aBoxHasNoNetwork() throws IOException {
    String gateway =
        docker.inspectNetworkCmd().withNetworkId("bridge").exec().getIpam().getConfig().stream()
            .map(c -> String.valueOf(c.getGateway()))
            .filter(g -> !g.equals("null"))
            .findFirst()
            .orElse("172.17.0.1");
    try (ServerSocket host = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"))) {
      String script =
          "python3 -c \"import socket; socket.create_connection(('"
              + gateway
              + "', "
              + host.getLocalPort()
              + "), 3); print('OPEN')\"";
      assertThat(inBox(script)).doesNotContain("OPEN");
      assertThat(inBox(script.replace(gateway, "127.0.0.1"))).doesNotContain("OPEN");
      assertThat(inWeakContainer(script)).contains("OPEN");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mvn -v",
    "npm --version",
    "node -e 1",
    "python3 -m pytest --version",
    "java -version"
  })
  void theToolsRunUnderTheStrictList(String command) {
    assertThat(inBox(command + " && echo RAN")).contains("RAN");
  }

  /** The engine's runtime that boxes are made with; empty means its default. */
  Optional<String> runtime() {
    return Optional.empty();
  }

  private ResourceLimits limits() {
    return limits(runtime());
  }

  static ResourceLimits limits(Optional<String> runtime) {
    return new ResourceLimits(
        1000,
        ByteCount.mebibytes(256),
        64,
        ByteCount.mebibytes(64),
        10_000,
        256,
        ByteCount.mebibytes(1),
        ByteCount.mebibytes(16),
        Duration.ofMinutes(1),
        new BoxWalls(runtime, BoxWalls.Seccomp.STRICT));
  }

  @Test
  void aBoxIsAsClosedAsItsEngineSays() {
    assertThat(sandbox.prove(sandbox.image(IMAGE), limits()).facts())
        .containsEntry("runtime", runtime().orElse("runc"))
        .containsEntry("selfTest", "passed");
  }

  /** What it prints in a box, as every command of an improvement runs. */
  private String inBox(String script) {
    return inBox(IMAGE, script);
  }

  private String inBox(String reference, String script) {
    Sandbox.ImageFacts image = sandbox.image(reference);
    Layer layer =
        Layer.create(
            layout.disk(),
            layout.root().resolve("layers").resolve(UUID.randomUUID().toString()),
            new Baselines(layout)
                .capture(
                    layout.workspace(temp.resolve("ws")), everything(), image.uid(), image.gid()),
            image.uid(),
            image.gid());
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      SandboxOutcome outcome =
          sandbox.run(
              SandboxSpecs.lower(
                  new SandboxSpecs.Room(image, layer, List.of(), limits(), Map.of()),
                  new SandboxSpecs.Command(
                      List.of("sh", "-c", script),
                      RelativePath.ROOT,
                      Map.of(),
                      Duration.ofMinutes(1),
                      new SandboxSpec.Owner("CTX-1", "attack"))),
              (stream, bytes, offset, length) -> out.write(bytes, offset, length),
              () -> false);
      assertThat(outcome).isInstanceOf(SandboxOutcome.Exited.class);
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      layer.discard(sandbox::emptyWork);
    }
  }

  @Test
  void aBoxDoesNotSayWhereTheHostKeepsThings() {
    assertThat(inBox("cat /proc/mounts /proc/self/mountinfo")).doesNotContain(temp.toString());
    ((DockerSandbox) sandbox).paths().show();
    assertThat(inBox("cat /proc/mounts")).as("the control").contains(temp.toString());
  }

  @Test
  void theHomeOfABoxIsItsUsersToWrite() {
    assertThat(inBox("mkdir -p ~/.cache/x && touch ~/.npmrc && stat -c '%a %u' ~ && echo WRITTEN"))
        .contains("755 65532", "WRITTEN");
  }

  @Test
  void whatABoxLeavesInMemoryNoOtherBoxSees() {
    String search = "; grep -rs " + canary + " /dev/shm /tmp /home/tars; echo DONE";
    String write = "echo " + canary + " | tee /dev/shm/x /tmp/x /home/tars/x >/dev/null";
    assertThat(inBox(write + search)).contains("/dev/shm/x:", "/tmp/x:", "/home/tars/x:");
    assertThat(inBox("true" + search)).contains("DONE").doesNotContain(canary);
  }

  @Test
  void anImageThatDeclaresAVolumeIsRefused() {
    String image = derived("true", commit -> commit.withVolumes(new Volumes(new Volume("/data"))));
    try {
      assertThatThrownBy(() -> sandbox.image(image))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.IMAGE_REFUSED));
      assertThat(sandbox.image(IMAGE).id()).isNotEmpty();
    } finally {
      docker.removeImageCmd(image).withForce(true).exec();
    }
  }

  @Test
  void aSetuidProgramOfTheImageGivesNothing() {
    String image = derived("cp /usr/bin/id /opt/sid; chmod 4755 /opt/sid", commit -> commit);
    try {
      assertThat(inBox(image, "/opt/sid -u").strip()).isEqualTo("65532");
      assertThat(inContainer(image, "65532:65532", "/opt/sid -u").strip())
          .as("the control")
          .isEqualTo("0");
    } finally {
      docker.removeImageCmd(image).withForce(true).exec();
    }
  }

  /** An image made by a command of root's on the sandbox image. */
  private String derived(String script, UnaryOperator<CommitCmd> change) {
    String id =
        docker
            .createContainerCmd(IMAGE)
            .withUser("0:0")
            .withEntrypoint("sh", "-c", script)
            .withLabels(Map.of("dev.tars.test", "derived"))
            .exec()
            .getId();
    try {
      docker.startContainerCmd(id).exec();
      Integer _ =
          docker.waitContainerCmd(id).exec(new WaitContainerResultCallback()).awaitStatusCode();
      return change.apply(docker.commitCmd(id)).exec();
    } finally {
      docker.removeContainerCmd(id).withForce(true).exec();
    }
  }

  /** What it prints as root, with more capabilities and no filter of system calls. */
  private String inWeakContainer(String script) {
    return inContainer(IMAGE, "0:0", script);
  }

  private String inContainer(String image, String user, String script) {
    try (GenericContainer<?> weak = new GenericContainer<>(DockerImageName.parse(image))) {
      weak.withImagePullPolicy(name -> false)
          .withLabel("dev.tars.test", "control")
          .withFileSystemBind(temp.toString(), "/canary", BindMode.READ_ONLY)
          .withFileSystemBind("/var/run/docker.sock", "/var/run/docker.sock", BindMode.READ_ONLY)
          .withCreateContainerCmdModifier(create -> {
            create.withUser(user).withEntrypoint("sh", "-c", script + "\ntrue");
            java.util.Objects.requireNonNull(create.getHostConfig())
                .withCapAdd(Capability.SYS_ADMIN, Capability.SYS_PTRACE, Capability.SYSLOG)
                .withPidMode("host")
                .withSecurityOpts(List.of("seccomp=unconfined"));
          })
          .withStartupCheckStrategy(new IndefiniteWaitOneShotStartupCheckStrategy())
          .start();
      return weak.getLogs();
    }
  }

  static PathRules everything() {
    return new PathRules() {
      @Override
      public boolean hides(RelativePath path) {
        return false;
      }

      @Override
      public boolean scratches(RelativePath path) {
        return false;
      }
    };
  }
}
