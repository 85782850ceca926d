package dev.tars.runner.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import dev.tars.egress.TlsServer;
import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.NetworkCaps;
import dev.tars.runner.policy.PathRules;
import dev.tars.runner.policy.ResourceLimits;
import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.HostPattern;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import dev.tars.runner.sandbox.EgressTable;
import dev.tars.runner.sandbox.NetworkAccess;
import dev.tars.runner.sandbox.NetworkWay;
import dev.tars.runner.sandbox.NetworkedSandbox;
import dev.tars.runner.sandbox.OutputSink;
import dev.tars.runner.sandbox.Sandbox;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.sandbox.SandboxSpec;
import dev.tars.runner.sandbox.SandboxSpecs;
import dev.tars.runner.store.LinuxDisk;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.workspace.Baselines;
import dev.tars.runner.workspace.Layer;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.IndefiniteWaitOneShotStartupCheckStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * The name space of a box with a network, on a real engine. Each test first sees what is allowed
 * get through; ways around it print OPEN where they work, and they do in a container on the
 * engine's ordinary network.
 */
class EgressDockerIT {
  private static final String IMAGE =
      System.getProperty("tars.sandbox.image", "tars-sandbox:default");
  private static final ResourceLimits LIMITS =
      new ResourceLimits(
          1000,
          ByteCount.mebibytes(256),
          64,
          ByteCount.mebibytes(64),
          10_000,
          256,
          ByteCount.mebibytes(8),
          ByteCount.mebibytes(16),
          Duration.ofMinutes(2));
  private static final NetworkCaps CAPS =
      new NetworkCaps(
          50_000,
          128,
          ByteCount.mebibytes(4096),
          ByteCount.mebibytes(4096),
          Duration.ofMinutes(30),
          Duration.ofMinutes(2));
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 3, 5);

  /** CONNECT host port, then TLS with that name; echoes a number of bytes, and says so. */
  private static final String CLIENT =
      """
      import socket, ssl, sys
      host, port, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
      s = socket.create_connection(("127.0.0.1", 3128), 20)
      s.sendall(f"CONNECT {host}:{port} HTTP/1.1\\r\\n\\r\\n".encode())
      answer = s.recv(4096).decode()
      print(answer if answer else "closed")
      if " 200 " in answer:
          c = ssl._create_unverified_context()
          c.check_hostname = False
          name = None if host[0].isdigit() else host
          t = c.wrap_socket(s, server_hostname=name)
          print("TLS", flush=True)
          got = 0
          try:
              while got < size:
                  part = min(16384, size - got)
                  t.sendall(b"x" * part)
                  n = 0
                  while n < part:
                      d = t.recv(16384)
                      if not d:
                          raise OSError("end")
                      n += len(d)
                  got += part
              print("ECHO", got)
          except OSError as e:
              print("CUT", e)
      """;

  @TempDir Path temp;
  private StoreLayout layout;
  private DockerSandbox sandbox;
  private DockerClient docker;
  InetAddress bridge;
  TlsServer server;

  @BeforeEach
  void connect() throws Exception {
    Files.createDirectories(temp.resolve("ws"));
    layout = StoreLayout.open(LinuxDisk.create(), temp.resolve("state"));
    Files.createDirectories(layout.root().resolve("layers"));
    sandbox = DockerSandbox.connect(Optional.empty(), layout);
    DefaultDockerClientConfig config =
        DefaultDockerClientConfig.createDefaultConfigBuilder().build();
    docker =
        DockerClientImpl.getInstance(
            config,
            new ZerodepDockerHttpClient.Builder().dockerHost(config.getDockerHost()).build());
    Network network = docker.inspectNetworkCmd().withNetworkId("bridge").exec();
    String name = network.getOptions().get("com.docker.network.bridge.name");
    bridge =
        NetworkInterface.getByName(name)
            .inetAddresses()
            .filter(Inet4Address.class::isInstance)
            .findFirst()
            .orElseThrow();
    server = TlsServer.start(bridge, temp, "one.test", "two.test");
    sandbox.knowing(
        List.of("one.test:" + bridge.getHostAddress(), "two.test:" + bridge.getHostAddress()));
  }

  @AfterEach
  void close() throws Exception {
    server.close();
    sandbox.close();
    assertThat(ours()).as("what is left of it").isEmpty();
    docker.close();
  }

  private List<String> ours() {
    Map<String, String> label = Map.of(Labels.STATE_DIR, layout.root().toString());
    Stream<String> containers =
        docker.listContainersCmd().withShowAll(true).withLabelFilter(label).exec().stream()
            .map(Container::getId);
    Stream<String> volumes =
        docker
            .listVolumesCmd()
            .withFilter("label", List.of(Labels.STATE_DIR + "=" + layout.root()))
            .exec()
            .getVolumes()
            .stream()
            .map(v -> v.getName());
    return Stream.concat(containers, volumes).toList();
  }

  NetworkTable only(String... hosts) {
    List<HostPattern> patterns = Stream.of(hosts).map(HostPattern::parse).toList();
    Cidr block = Cidr.parse(bridge.getHostAddress() + "/32");
    NetworkRule rule =
        new NetworkRule(
            new NetworkVote("api", "user", AT, true, "", ""),
            patterns,
            List.of(block),
            Set.of(server.port()),
            Set.of());
    return table(hosts.length == 0 ? List.of() : List.of(rule));
  }

  private static NetworkTable table(List<NetworkRule> rules) {
    return new NetworkTable(
        List.of(new NetworkLayer(rules, NetworkVote.nothingAllows("user", AT))));
  }

  NetworkedSandbox.Opened open(NetworkTable table) {
    return NetworkedSandbox.open(
        () -> sandbox, new EgressTable(table, NetworkPhase.RUN, CAPS), "CTX-1");
  }

  private String client(Sandbox boxes, String host, int size) {
    return run(boxes, List.of("python3", "-c", CLIENT, host, "" + server.port(), "" + size));
  }

  String run(Sandbox boxes, List<String> argv) {
    Sandbox.ImageFacts image = sandbox.image(IMAGE);
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
          boxes.run(
              SandboxSpecs.lower(
                  new SandboxSpecs.Room(image, layer, List.of(), LIMITS, Map.of()),
                  new SandboxSpecs.Command(
                      argv,
                      RelativePath.ROOT,
                      Map.of(),
                      Duration.ofMinutes(2),
                      new SandboxSpec.Owner("CTX-1", "attack"))),
              (stream, bytes, offset, length) -> out.write(bytes, offset, length),
              () -> false);
      assertThat(outcome).isInstanceOf(SandboxOutcome.Exited.class);
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      layer.discard(sandbox::emptyWork);
    }
  }

  private static PathRules everything() {
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

  /** The same in a container on the engine's ordinary network, with the rights of a user. */
  String outside(String networkMode, List<String> argv) {
    try (GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(IMAGE))
            .withImagePullPolicy(name -> false)
            .withNetworkMode(networkMode)
            .withCreateContainerCmdModifier(c -> c.withEntrypoint(argv))
            .withStartupCheckStrategy(
                new IndefiniteWaitOneShotStartupCheckStrategy()
                    .withTimeout(Duration.ofMinutes(1)))) {
      container.start();
      return container.getLogs();
    }
  }

  @Test
  void whatIsAllowedIsReachedAndWhatIsNotIsRefusedInWords() {
    NetworkedSandbox.Opened way = open(only("one.test"));
    try (way) {
      assertThat(client(way.sandbox(), "one.test", 200_000))
          .contains("HTTP/1.1 200 ", "ECHO 200000");
      assertThat(client(way.sandbox(), bridge.getHostAddress(), 1000)).contains("ECHO 1000");
      assertThat(client(way.sandbox(), "two.test", 1))
          .contains("HTTP/1.1 403 Refused by network.default (policy.yaml:3:5)");
    }
    assertThat(way.used().get().uses()).hasSize(3);
    assertThat(way.used().get().uses().getFirst().sent()).isGreaterThan(200_000);
    assertThat(way.used().get().uses().getFirst().addresses())
        .containsExactly(bridge.getHostAddress());
    assertThat(way.used().get().uses().getLast().vote().allows()).isFalse();
  }

  @Test
  void thereIsNoOtherWayOut() throws Exception {
    try (NetworkedSandbox.Opened way = open(only("one.test"));
        LinuxAbstractSocket abstractSocket = LinuxAbstractSocket.listen();
        DatagramSocket udp = new DatagramSocket(0, bridge)) {
      assertThat(client(way.sandbox(), "one.test", 10)).contains("ECHO 10");
      List<String> argv =
          List.of(
              "python3",
              "-c",
              WAYS,
              bridge.getHostAddress(),
              "" + server.port(),
              "" + udp.getLocalPort(),
              abstractSocket.name());
      String inside = run(way.sandbox(), argv);
      assertThat(inside).contains("interfaces lo\n", "done").doesNotContain("OPEN");
      assertThat(outside("bridge", argv))
          .contains("tcp OPEN", "udp OPEN", "route OPEN")
          .doesNotContain("interfaces lo\n");
      assertThat(outside("host", argv)).contains("abstract OPEN");
    }
  }

  /** Prints a line for each way; OPEN where it leads anywhere. */
  private static final String WAYS =
      """
      import os, socket, struct, sys
      host, port, udp, name = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
      def way(what, f):
          try:
              f()
              print(what, "OPEN")
          except Exception as e:
              print(what, "closed", type(e).__name__)
      def tcp(a, p, family=socket.AF_INET):
          s = socket.socket(family, socket.SOCK_STREAM)
          s.settimeout(2)
          s.connect((a, p))
      def datagram(a, p, family=socket.AF_INET):
          s = socket.socket(family, socket.SOCK_DGRAM)
          s.sendto(b"x", (a, p))
      def route():
          lines = open("/proc/net/route").read().splitlines()[1:]
          assert [l for l in lines if l.split()[0] != "lo"]
      def unix():
          s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
          s.connect("\\0" + name)
      print("interfaces", " ".join(sorted(n for _, n in socket.if_nameindex() if n == "lo" or n.startswith("e"))))
      way("tcp", lambda: tcp(host, port))
      way("udp", lambda: datagram(host, udp))
      way("public", lambda: datagram("198.51.100.1", 53))
      way("metadata", lambda: datagram("169.254.169.254", 80))
      way("dns", lambda: socket.getaddrinfo("one.test", 443))
      way("resolver", lambda: datagram("127.0.0.11", 53) or tcp("127.0.0.11", 53))
      way("six", lambda: datagram("2001:db8::1", 443, socket.AF_INET6))
      way("six metadata", lambda: datagram("fd00:ec2::254", 80, socket.AF_INET6))
      way("link local", lambda: tcp("fe80::1", 443, socket.AF_INET6))
      way("icmp", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
      way("packet", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3))
      way("route", route)
      way("abstract", unix)
      way("gateway files", lambda: os.listdir("/run/egress") and os.stat("/etc/egress"))
      way("other port", lambda: tcp("127.0.0.1", 3129))
      print("done")
      """;

  @Test
  void twoRunsAtOnceDoNotSeeEachOther() {
    try (NetworkedSandbox.Opened one = open(only("one.test"));
        NetworkedSandbox.Opened two = open(only("two.test"))) {
      assertThat(client(one.sandbox(), "one.test", 10)).contains("ECHO 10");
      assertThat(client(two.sandbox(), "two.test", 10)).contains("ECHO 10");
      assertThat(client(one.sandbox(), "two.test", 10)).contains("HTTP/1.1 403 ");
      assertThat(client(two.sandbox(), "one.test", 10)).contains("HTTP/1.1 403 ");
    }
  }

  @Test
  void anEmptyTableDeniesAll() {
    NetworkTable empty = table(List.of());
    Sandbox none = sandbox;
    try (NetworkedSandbox.Opened nothing = open(empty)) {
      assertThat(nothing.sandbox()).as("nothing is opened at all").isSameAs(none);
    }
    NetworkWay way =
        sandbox.open(
            new EgressTable(empty, NetworkPhase.RUN, CAPS),
            new SandboxSpec.Owner("CTX-1", "network:run"));
    try (way) {
      assertThat(way.access()).isInstanceOf(NetworkAccess.Joined.class);
    }
    assertThat(way.used()).isEmpty();
  }

  @Test
  void whereProxyOrGatewayIsKilledEverythingIsClosed() throws Exception {
    for (String victim : List.of("proxy", "gateway")) {
      try (NetworkedSandbox.Opened way = open(only("one.test"))) {
        assertThat(client(way.sandbox(), "one.test", 10)).contains("ECHO 10");
        CountDownLatch flowing = new CountDownLatch(1);
        Thread killer =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    boolean _ = flowing.await(30, TimeUnit.SECONDS);
                    docker.killContainerCmd(container(victim)).exec();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
        String cut = client(tapped(way.sandbox(), flowing), "one.test", 1 << 30);
        killer.join();
        assertThat(cut).as(victim).contains("TLS", "CUT").doesNotContain("ECHO");
        String after = attempt(way.sandbox());
        assertThat(after).as(victim).doesNotContain("HTTP/1.1 200", "ECHO");
      }
    }
  }

  /** A box that joins a name space which is gone may not start at all. */
  private String attempt(Sandbox boxes) {
    try {
      return client(boxes, "one.test", 10);
    } catch (RunnerException | AssertionError e) {
      return "not started";
    }
  }

  /** Counts down as soon as a box prints that its transfer began. */
  private static Sandbox tapped(Sandbox boxes, CountDownLatch flowing) {
    return (Sandbox)
        Proxy.newProxyInstance(
            Sandbox.class.getClassLoader(),
            new Class<?>[] {Sandbox.class},
            (self, method, arguments) -> {
              if (method.getName().equals("run")) {
                OutputSink sink = (OutputSink) arguments[1];
                arguments[1] =
                    (OutputSink)
                        (stream, bytes, offset, length) -> {
                          sink.write(stream, bytes, offset, length);
                          if (new String(bytes, offset, length, StandardCharsets.US_ASCII)
                              .contains("TLS")) {
                            flowing.countDown();
                          }
                        };
              }
              return method.invoke(boxes, arguments);
            });
  }

  private String container(String what) {
    return docker
        .listContainersCmd()
        .withLabelFilter(Map.of(Labels.STATE_DIR, layout.root().toString()))
        .exec()
        .stream()
        .filter(c -> c.getCommand().contains(" " + what))
        .map(Container::getId)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereTheImageIsMissingTheRunStopsWithTheReason() {
    NetworkWay way =
        DockerWay.begin(
            new EgressEngine(
                EngineClient.to(Optional.of("unix:///nowhere/docker.sock")),
                Map.of(),
                "{}",
                List.of()),
            new EgressTable(table(List.of()), NetworkPhase.RUN, CAPS));
    assertThatThrownBy(way::access).hasMessageContaining("does not answer");
    way.close();
  }

  @Test
  void whoIsGoneLeavesNoNetworkBehind() throws Exception {
    EgressEngine engine =
        new EgressEngine(
            EngineClient.to(Optional.empty()),
            Labels.ofThisProcess(layout.root()).of(new SandboxSpec.Owner("CTX-1", "gone")),
            Seccomp.strict().json(),
            List.of());
    String proxy = engine.create(EgressContainer.proxy(engine.labels()));
    engine.copy(
        proxy,
        EgressContainer.TABLE_DIRECTORY,
        "table.json",
        new EgressTable(table(List.of()), NetworkPhase.RUN, CAPS)
            .json()
            .toString()
            .getBytes(StandardCharsets.UTF_8));
    try (EgressOutput output = new EgressOutput("the proxy")) {
      engine.attach(proxy, output);
      engine.start(proxy);
      output.awaitReady(45);
    } // closes the connection, as the end of a process does
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!ours().isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(ours()).as("nobody removed it but the engine").isEmpty();
  }
}
