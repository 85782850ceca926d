package dev.tars.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.ByteCount;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.NetworkCaps;
import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.Endpoint;
import dev.tars.runner.policy.net.HostPattern;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import dev.tars.runner.sandbox.EgressTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The proxy answers as {@code policy check connect} does, for whatever rules and requests. */
class AgreementTest {
  private static final int TABLES = 100;
  private static final int REQUESTS = 120;
  private static final List<String> LABELS = List.of("a", "api", "xn--bcher-kva");
  private static final List<String> ENDS = List.of("one.test", "two.test");
  private static final List<Optional<String>> METHODS =
      List.of(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of("GET"),
          Optional.of("POST"));
  private static final List<Set<String>> PLAIN = List.of(Set.of("GET", "HEAD"), Set.of("POST"));
  private static final NetworkCaps LIMITS =
      new NetworkCaps(
          9, 9, new ByteCount(9), new ByteCount(9), Duration.ofSeconds(9), Duration.ofSeconds(9));
  private static final List<Integer> PORTS = List.of(443, 443, 80, 22);

  private final Random random = new Random(20_261_201);
  private int allowed;
  private int denied;

  @Test
  void namesAreDecidedAlike() throws Exception {
    for (int i = 0; i < TABLES; i++) {
      NetworkTable table = table();
      NetworkPhase phase = any(List.of(NetworkPhase.values()));
      TableFile file = handedOver(table, phase);
      try (Way way = new Way(new PolicyRules(file.table(), file.phase()), caps())) {
        for (int k = 0; k < REQUESTS; k++) {
          String host = name();
          int port = any(PORTS);
          Optional<String> method = any(METHODS);
          Endpoint to = Endpoint.of(host, port, phase).by(method);
          agrees(table, to, host, status(way, host + ":" + port, method));
        }
      }
    }
    assertThat(allowed).isGreaterThan(500);
    assertThat(denied).isGreaterThan(500);
    assertThat(allowed + denied).isGreaterThan(5000);
  }

  /** No name has an address here, so 502 is said of what is allowed. */
  private static int status(Way way, String to, Optional<String> method) throws Exception {
    String answer =
        method.isPresent()
            ? way.say(method.get() + " http://" + to + "/x HTTP/1.1\r\nHost: " + to + "\r\n\r\n")
            : way.ask(to);
    return Integer.parseInt(answer.substring(9, 12));
  }

  private void agrees(NetworkTable table, Endpoint to, String host, int status) {
    boolean mayBe = table.decide(to).allowed();
    assertThat(status == 502).as("%s:%d of %s", host, to.port(), table).isEqualTo(mayBe);
    allowed += mayBe ? 1 : 0;
    denied += mayBe ? 0 : 1;
  }

  /** Addresses are not connected to here: the question is what the rules say of them. */
  @Test
  void addressesAreDecidedAlike() {
    int asked = 0;
    for (int i = 0; i < TABLES; i++) {
      NetworkTable table = table();
      TableFile file = handedOver(table, NetworkPhase.RUN);
      PolicyRules rules = new PolicyRules(file.table(), file.phase());
      for (int k = 0; k < REQUESTS; k++) {
        String host = address();
        int port = any(PORTS);
        boolean mayBe = table.decide(Endpoint.of(host, port, NetworkPhase.RUN)).allowed();
        boolean proxy =
            Authority.parse(host + ":" + port)
                .map(a -> rules.named(new Asked(a, Optional.empty())).allowed())
                .orElse(false);
        assertThat(proxy).as("%s:%d of %s", host, port, table).isEqualTo(mayBe);
        asked++;
      }
    }
    assertThat(asked).isGreaterThan(5000);
  }

  private static Caps caps() {
    return new Caps(1 << 20, 64, 1 << 20, 1 << 20, Way.CAPS.connection(), Way.CAPS.idle());
  }

  /** Through the bytes that runner and proxy exchange. */
  private static TableFile handedOver(NetworkTable table, NetworkPhase phase) {
    byte[] bytes =
        new EgressTable(table, phase, LIMITS).json().toString().getBytes(StandardCharsets.UTF_8);
    TableFile file = TableFile.read(bytes);
    assertThat(file.table()).isEqualTo(table);
    return file;
  }

  private NetworkTable table() {
    return new NetworkTable(
        IntStream.range(0, 1 + random.nextInt(3) / 2).mapToObj(i -> layer("layer" + i)).toList());
  }

  private NetworkLayer layer(String name) {
    List<NetworkRule> rules = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      rules.add(rule(name, i));
    }
    return new NetworkLayer(
        rules, NetworkVote.nothingAllows(name, new SourcePosition(name + ".yaml", 1, 1)));
  }

  private NetworkRule rule(String layer, int number) {
    boolean allows = random.nextInt(5) > 0;
    List<HostPattern> hosts =
        IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> pattern()).toList();
    List<Cidr> cidrs = IntStream.range(0, random.nextInt(3)).mapToObj(i -> block()).toList();
    Set<Integer> ports = new TreeSet<>();
    Set<NetworkPhase> phases = EnumSet.noneOf(NetworkPhase.class);
    if (allows || random.nextBoolean()) {
      ports.add(any(PORTS));
      ports.add(443);
    }
    if (random.nextInt(3) == 0) {
      phases.add(any(List.of(NetworkPhase.values())));
    }
    return new NetworkRule(
        new NetworkVote(
            "r" + number,
            layer,
            new SourcePosition(layer + ".yaml", 2 + number, 5),
            allows,
            "a \"reason\"\n",
            ""),
        hosts,
        cidrs,
        ports,
        phases,
        allows && random.nextInt(4) == 0 ? any(PLAIN) : Set.of());
  }

  private HostPattern pattern() {
    String name = any(LABELS) + "." + any(ENDS);
    return HostPattern.parse(any(List.of("", "", "*.", "**.")) + name);
  }

  private Cidr block() {
    return Cidr.parse(
        any(
            List.of(
                "198.51.100.0/24",
                "198.51.100.128/25",
                "10.0.0.0/8",
                "2001:db8::/32",
                "64:ff9b::/96",
                "198.51.0.0/16")));
  }

  private String name() {
    StringBuilder name = new StringBuilder();
    for (int i = random.nextInt(4) / 2; i >= 0; i--) {
      name.append(any(LABELS)).append('.');
    }
    name.append(any(ENDS));
    return switch (random.nextInt(15)) {
      case 0 -> name.toString().toUpperCase(java.util.Locale.ROOT);
      case 1 -> name + ".";
      case 2 -> name + ".evil.example";
      case 3 -> "evil" + name;
      case 4 -> name.toString().replaceFirst("\\.", "..");
      case 5 -> "-" + name;
      default -> name.toString();
    };
  }

  private String address() {
    return any(
        List.of(
            "198.51.100." + random.nextInt(256),
            "198.51." + random.nextInt(256) + ".1",
            "10.0.0." + random.nextInt(300),
            "[::ffff:198.51.100." + random.nextInt(256) + "]",
            "[64:ff9b::198.51.100." + random.nextInt(256) + "]",
            "[2002:c633:64" + Integer.toHexString(16 + random.nextInt(200)) + "::1]",
            "[2001:db8::" + Integer.toHexString(random.nextInt(65536)) + "]",
            "0xc63364" + Integer.toHexString(16 + random.nextInt(200)),
            "0306.0063.0144.0" + Integer.toOctalString(random.nextInt(256)),
            "3325256" + (100 + random.nextInt(900)),
            "198.51." + random.nextInt(65536),
            "198.51.100.0" + random.nextInt(99),
            "127.0.0.1",
            "169.254.169.254",
            "198.51.100.1."));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
