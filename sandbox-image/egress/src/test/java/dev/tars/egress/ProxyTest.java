package dev.tars.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.NetworkVote;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test proves first that the same way is open for what is allowed. */
class ProxyTest {
  private static final String ALLOWED = "allowed.example";

  @TempDir private static Path keys;
  private TlsServer server;
  private Way way;

  /** Allows one name on the server's port, and loopback, so that a server can be reached. */
  private final class OneName implements Rules {
    @Override
    public Ruling named(Asked asked) {
      String host = asked.to().host();
      boolean allowed =
          host.equalsIgnoreCase(ALLOWED)
              && asked.to().port() == server.port()
              && asked.method().isEmpty();
      return new Ruling(
          host.toLowerCase(Locale.ROOT),
          new NetworkVote(
              allowed ? "api" : "network.default",
              "user",
              new SourcePosition("policy.yaml", 3, 5),
              allowed,
              allowed ? "" : "no rule allows it",
              allowed ? "" : "ask the administrator"));
    }

    @Override
    public Ruling reached(InetAddress address, Asked asked) {
      return new Ruling(
          address.getHostAddress(), Ruling.hard(address.isLoopbackAddress(), "not loopback"));
    }
  }

  @BeforeEach
  void open() throws Exception {
    server = TlsServer.start(keys, ALLOWED, "other.example");
    restart(Way.CAPS);
  }

  private void restart(Caps caps) throws Exception {
    if (way != null) {
      way.close();
    }
    way = new Way(new OneName(), caps);
    way.names.put(ALLOWED, List.of(InetAddress.getLoopbackAddress()));
  }

  @AfterEach
  void close() throws Exception {
    way.close();
    server.close();
  }

  private String allowed() {
    return ALLOWED + ":" + server.port();
  }

  private void theWayIsOpen() throws IOException {
    try (SSLSocket tls = Way.tls(way.opened(allowed()), server.context(), ALLOWED)) {
      assertThat(Way.echoes(tls, 100)).isTrue();
    }
  }

  @Test
  void anAllowedServerIsReachedAndItsBytesAreCounted() throws Exception {
    try (SSLSocket tls = Way.tls(way.opened(allowed()), server.context(), ALLOWED)) {
      assertThat(Way.echoes(tls, 3 << 20)).isTrue();
    }
    String last = way.decisions().getLast();
    assertThat(last).contains("\"effect\":\"allow\"", "\"rule\":\"api\"", "\"127.0.0.1\"");
    assertThat(last).containsPattern("\"up\":3[0-9]{6},").containsPattern("\"down\":3[0-9]{6},");
  }

  @Test
  void theNameIsReadInAnyCase() throws Exception {
    try (SSLSocket tls =
        Way.tls(way.opened("ALLOWED.Example:" + server.port()), server.context(), ALLOWED)) {
      assertThat(Way.echoes(tls, 10)).isTrue();
    }
  }

  @Test
  void whatIsSentTogetherWithTheRequestIsKeptForTheServer() throws Exception {
    theWayIsOpen();
    try (Socket socket = way.connect()) {
      byte[] connect =
          ("CONNECT " + allowed() + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
      byte[] hello = Hellos.of(ALLOWED).bytes();
      byte[] both = java.util.Arrays.copyOf(connect, connect.length + hello.length);
      System.arraycopy(hello, 0, both, connect.length, hello.length);
      socket.getOutputStream().write(both);
      assertThat(Way.head(socket)).startsWith("HTTP/1.1 200 ");
      int answer = socket.getInputStream().read();
      assertThat(answer).as("a TLS record: handshake, or an alert").isIn(0x16, 0x15);
    }
  }

  @Test
  void aRefusalSaysTheRuleItsPlaceAndWhatToDoInstead() throws Exception {
    theWayIsOpen();
    String answer = way.ask("evil.example:443");
    assertThat(answer)
        .startsWith("HTTP/1.1 403 Refused by network.default (policy.yaml:3:5)\r\n")
        .contains(
            "evil.example:443 is closed: no rule allows it", "do instead: ask the administrator");
    assertThat(way.resolved).doesNotContain("evil.example");
    assertThat(way.decisions())
        .anyMatch(
            l -> l.contains("\"host\":\"evil.example\"") && l.contains("\"effect\":\"deny\""));
  }

  @Test
  void anotherServerNameIsClosedBeforeAByteIsPassedOn() throws Exception {
    theWayIsOpen();
    server.received.set(0);
    refusedAfter(Hellos.of("other.example"), "names another server");
    refusedAfter(Hellos.nameless(), "names no server");
  }

  private void refusedAfter(Hellos hello, String reason) throws IOException {
    try (Socket socket = way.opened(allowed())) {
      socket.getOutputStream().write(hello.bytes());
      assertThat(Way.rest(socket)).isEmpty();
    }
    assertThat(way.records(reason, "\"effect\":\"deny\"", "\"up\":0")).as(reason).isTrue();
    assertThat(server.received.get()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "GET / HTTP/1.1\r\nHost: allowed.example\r\n\r\n",
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007",
        "\u0080.\u0001\u0000\u0002xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", // SSL 2
        "\u0017\u0003\u0003\u0000\u0005hello", // application data
        "\u0015\u0003\u0003\u0000\u0002\u0001\u0000", // an alert
        "\u0014\u0003\u0003\u0000\u0001\u0001", // change cipher spec
        "\u0016\u0003\u0001\u0000\u0006\u0002\u0000\u0000\u0002\u0003\u0003", // a ServerHello
        "\u0016\u0003\u0001\u0000\u0004\u0001\u00ff\u00ff\u00ff" // a ClientHello of 16 MiB
      })
  void whatIsNoClientHelloIsClosed(String bytes) throws Exception {
    theWayIsOpen();
    int before = server.accepted.get();
    try (Socket socket = way.opened(allowed())) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      assertThat(Way.rest(socket)).isEmpty();
    }
    assertThat(server.accepted.get()).isLessThanOrEqualTo(before + 1);
    assertThat(way.records("\"effect\":\"deny\"", "ClientHello", "\"up\":0")).isTrue();
  }

  @Test
  void aHelloInManyRecordsIsPutTogetherAndJudged() throws Exception {
    theWayIsOpen();
    for (Hellos hello : List.of(Hellos.of(ALLOWED), Hellos.of("other.example"))) {
      try (Socket socket = way.opened(allowed())) {
        socket.setTcpNoDelay(true);
        socket.getOutputStream().write(hello.inRecordsOf(7));
        boolean answered = !Way.rest(socket).isEmpty();
        assertThat(answered).isEqualTo(hello.name().equals(ALLOWED));
      }
    }
  }

  @Test
  void anEncryptedClientHelloIsClosed() throws Exception {
    theWayIsOpen();
    server.received.set(0);
    for (int hiding : new int[] {0xfe0d, 0xffce}) {
      refusedAfter(
          Hellos.of(ALLOWED).with(hiding, new byte[] {0, 1, 2}), "hides the server's name");
    }
  }

  @Test
  void aHelloThatServersReadDifferentlyIsClosed() throws Exception {
    theWayIsOpen();
    server.received.set(0);
    refusedAfter(Hellos.of(ALLOWED).withName("other.example"), "one extension twice");
    refusedAfter(Hellos.ofTwo("other.example", ALLOWED), "exactly one server");
    refusedAfter(Hellos.ofTwo(ALLOWED, "other.example"), "exactly one server");
    refusedAfter(Hellos.of(ALLOWED + "\u0000.other.example"), "another server");
    refusedAfter(Hellos.of(ALLOWED + "."), "another server");
    refusedAfter(Hellos.of(ALLOWED).behind(new byte[] {1}), "behind the list");
    refusedAfter(Hellos.of(ALLOWED).cut(3), "before it is complete");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allowed.example",
        "allowed.example:",
        "allowed.example:0",
        "allowed.example:99999",
        "allowed.example:65536",
        "allowed.example:443abc",
        "allowed.example:0443",
        "allowed.example:+443",
        "allowed.example: 443",
        "allowed.example.:443",
        ":443",
        "allowed.example%00:443",
        "a@allowed.example:443",
        "allowed.example/x:443",
        "allowed.example\u0000:443",
        "allowed.example\u0000.evil.example:443",
        "allowed.example\t:443",
        "allowed.example\\:443",
        "http://allowed.example:443",
        "[allowed.example]:443",
        "allowed.example:443:443",
        "allowed.example?x:443",
        "allowed.example#x:443"
      })
  void anAuthorityThatIsNotOneIsABadRequest(String authority) throws Exception {
    theWayIsOpen();
    way.resolved.clear();
    assertThat(way.ask(authority)).startsWith("HTTP/1.1 400 ");
    assertThat(way.resolved).isEmpty();
  }

  @Test
  void anotherHostThanTheAuthorityIsABadRequest() throws Exception {
    theWayIsOpen();
    String connect = "CONNECT " + allowed() + " HTTP/1.1\r\n";
    assertThat(way.say(connect + "Host: evil.example\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(way.say(connect + "Host: " + ALLOWED + "\r\nHost: " + ALLOWED + "\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(way.say("SSH-2.0-x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
    assertThat(way.say("CONNECT " + "a".repeat(5000) + ":443 HTTP/1.1\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void plainHttpIsRefused() throws Exception {
    theWayIsOpen();
    String host = "http://" + allowed() + "/";
    for (String line : List.of("GET " + host, "POST " + host, "GET /", "OPTIONS *")) {
      assertThat(way.say(line + " HTTP/1.1\r\nHost: " + allowed() + "\r\n\r\n"))
          .startsWith(line.contains(host) ? "HTTP/1.1 403 " : "HTTP/1.1 400 ");
    }
  }

  @Test
  void aNameThatLeadsToAnAddressThatIsNotAllowedIsRefused() throws Exception {
    theWayIsOpen();
    InetAddress metadata = InetAddress.getByName("169.254.169.254");
    int before = server.accepted.get();
    for (List<InetAddress> answer :
        List.of(
            List.of(metadata),
            List.of(InetAddress.getLoopbackAddress(), metadata),
            List.of(metadata, InetAddress.getLoopbackAddress()))) {
      way.names.put(ALLOWED, answer);
      assertThat(way.ask(allowed())).startsWith("HTTP/1.1 403 ").contains("169.254.169.254");
    }
    assertThat(server.accepted.get()).isEqualTo(before);
  }

  @Test
  void aNameIsResolvedOnceForEachConnection() throws Exception {
    theWayIsOpen();
    assertThat(way.resolved).containsExactly(ALLOWED);
  }

  @Test
  void whatIsAllowedButNotThereIsSaidToBeNotReached() throws Exception {
    theWayIsOpen();
    way.names.clear();
    assertThat(way.ask(allowed())).startsWith("HTTP/1.1 502 ").contains("the name has no address");
  }

  @Test
  void moreBytesThanTheCapAreNotSent() throws Exception {
    theWayIsOpen();
    restart(new Caps(1000, 16, 200_000, 64 << 20, Duration.ofSeconds(20), Duration.ofSeconds(5)));
    try (SSLSocket tls = Way.tls(way.opened(allowed()), server.context(), ALLOWED)) {
      assertThat(Way.echoes(tls, 100_000)).isTrue();
      assertThatThrownBy(
              () -> {
                if (!Way.echoes(tls, 1 << 20)) {
                  throw new IOException("cut");
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(way.budget.crossed()).contains("200000 bytes sent");
  }

  @Test
  void oneConnectionMoreThanTheCapIsClosedAndOneLessIsOpen() throws Exception {
    restart(new Caps(1000, 2, 1 << 20, 1 << 20, Duration.ofSeconds(20), Duration.ofSeconds(5)));
    try (Socket one = way.opened(allowed())) {
      assertThat(one.isConnected()).isTrue();
      theWayIsOpen();
      try (Socket two = way.opened(allowed())) {
        assertThat(two.isConnected()).isTrue();
        assertThat(way.ask(allowed())).contains("network.limits.connections");
      }
    }
    assertThat(way.budget.crossed()).contains("2 connections");
  }

  @Test
  void requestsAreCountedAlsoWhereTheyAreRefused() throws Exception {
    restart(new Caps(3, 16, 1 << 20, 1 << 20, Duration.ofSeconds(20), Duration.ofSeconds(5)));
    theWayIsOpen();
    String _ = way.ask("evil.example:443");
    String _ = way.ask("evil.example:443");
    assertThat(way.ask(allowed())).startsWith("HTTP/1.1 403 ").contains("3 requests");
    assertThat(way.decisions().stream().filter(l -> l.contains("evil.example")).toList().getLast())
        .contains("\"count\":2");
  }

  @Test
  void whoSaysNothingIsClosed() throws Exception {
    restart(new Caps(9, 9, 1 << 20, 1 << 20, Duration.ofSeconds(20), Duration.ofMillis(50)));
    try (Socket socket = way.connect()) {
      assertThat(Way.rest(socket)).isEmpty();
    }
    try (Socket socket = way.opened(allowed())) {
      assertThat(Way.rest(socket)).isEmpty();
    }
  }

  @Test
  void withoutAProxyTheGatewayClosesAtOnce() throws Exception {
    theWayIsOpen();
    try (SSLSocket tls = Way.tls(way.opened(allowed()), server.context(), ALLOWED)) {
      assertThat(Way.echoes(tls, 10)).isTrue();
      way.proxy.close();
      assertThat(Way.rest(tls)).isEmpty();
    }
    try (Socket socket = way.connect()) {
      assertThat(Way.rest(socket)).isEmpty();
    }
  }

  @Test
  void everNewNamesAreCountedUnderOne() throws Exception {
    theWayIsOpen();
    Asked asked = new Asked(new Authority("h", 443), Optional.empty());
    for (int i = 0; i < 2000; i++) {
      var _ = way.ledger.count(Ruling.hard("h" + i, ""), asked);
    }
    assertThat(way.decisions()).hasSizeLessThan(1100);
    assertThat(way.decisions().getLast()).contains("(others)").contains("\"count\":15");
  }
}
