package dev.tars.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.HostPattern;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP where a rule names it. Each test proves first that what is allowed gets through. */
class PlainHttpTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final SourcePosition AT = new SourcePosition("policy.yaml", 3, 5);
  private static final byte[] ELSEWHERE = {(byte) 203, 0, 113, 9};

  private HttpServer server;
  private Way way;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.answering(OK);
    open(Manner.DIRECT);
  }

  private void open(Manner manner) throws Exception {
    if (way != null) {
      way.close();
    }
    way = new Way(new Decided(), Way.CAPS, manner);
    way.names.put("plain.test", List.of(InetAddress.getLoopbackAddress()));
    way.names.put("tls.test", List.of(InetAddress.getLoopbackAddress()));
    way.names.put("moved.test", List.of(InetAddress.getByAddress(ELSEWHERE)));
  }

  /** The policy's evaluator with a rule for each scheme; loopback stands for the public network. */
  private final class Decided implements Rules {
    @Override
    public Ruling named(Asked asked) {
      return rules().named(asked);
    }

    @Override
    public Ruling reached(InetAddress address, Asked asked) {
      return address.isLoopbackAddress()
          ? new Ruling("loopback", Ruling.hard(true, ""))
          : rules().reached(address, asked);
    }
  }

  private PolicyRules rules() {
    NetworkRule plain =
        new NetworkRule(
            vote("plain", true),
            List.of(HostPattern.parse("plain.test"), HostPattern.parse("moved.test")),
            List.of(),
            Set.of(server.port(), 80),
            Set.of(),
            Set.of("GET", "POST"));
    NetworkRule tls =
        new NetworkRule(
            vote("tls", true),
            List.of(HostPattern.parse("tls.test")),
            List.of(),
            Set.of(server.port()),
            Set.of());
    NetworkRule never =
        new NetworkRule(
            vote("never", false),
            List.of(),
            List.of(Cidr.parse("203.0.113.0/24")),
            Set.of(),
            Set.of());
    NetworkLayer layer =
        new NetworkLayer(List.of(plain, tls, never), NetworkVote.nothingAllows("user", AT));
    return new PolicyRules(new NetworkTable(List.of(layer)), NetworkPhase.RUN);
  }

  private static NetworkVote vote(String id, boolean allows) {
    return new NetworkVote(id, "user", AT, allows, "", "");
  }

  @AfterEach
  void close() throws Exception {
    way.close();
    server.close();
  }

  private String to(String host) {
    return host + ":" + server.port();
  }

  private String get(String host) throws Exception {
    return way.say("GET http://%s/a HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(to(host), to(host)));
  }

  private void theWayIsOpen() throws Exception {
    assertThat(get("plain.test")).startsWith("HTTP/1.1 200 ").endsWith("ok");
    server.received.clear();
  }

  @Test
  void aRequestGoesOutAsItWasUnderstood() throws Exception {
    String answer =
        way.say(
            ("GET http://PLAIN.test:%d/a?b=c HTTP/1.1\r\nHost: plain.TEST:%d\r\nAccept: text/plain\r\n"
                    + "Proxy-Authorization: Basic eA==\r\nConnection: X-Mine, keep-alive\r\n"
                    + "X-Mine: 1\r\nUpgrade: websocket\r\nKeep-Alive: 5\r\nTE: trailers\r\n\r\n")
                .formatted(server.port(), server.port()));
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("ok");
    String[] lines = server.received.getFirst().split("\r\n", -1);
    assertThat(lines[0]).isEqualTo("GET /a?b=c HTTP/1.1");
    assertThat(String.join("\n", lines).toLowerCase(java.util.Locale.ROOT))
        .contains("host: " + to("plain.test"), "accept: text/plain", "connection: close")
        .doesNotContain("proxy", "mine", "upgrade", "keep", "te: ");
    assertThat(way.records("\"method\":\"GET\"", "\"effect\":\"allow\"", "\"rule\":\"plain\""))
        .isTrue();
  }

  @Test
  void aBodyOfTheLengthThatIsSaidGoesOutAndNoByteMore() throws Exception {
    theWayIsOpen();
    String second = "GET http://evil.test/ HTTP/1.1\r\nHost: evil.test\r\n\r\n";
    String post =
        "POST http://%s/ HTTP/1.1\r\nHost: %s\r\nContent-Length: 5\r\n\r\nhello"
            .formatted(to("plain.test"), to("plain.test"));
    assertThat(way.say(post + second)).endsWith("ok");
    assertThat(server.received).hasSize(1);
    assertThat(server.received.getFirst()).endsWith("\r\n\r\nhello");
  }

  @Test
  void whatIsSentBehindARequestIsNoSecondRequest() throws Exception {
    theWayIsOpen();
    String one =
        "GET http://%s/a HTTP/1.1\r\nHost: %s\r\n\r\n"
            .formatted(to("plain.test"), to("plain.test"));
    String answers = way.say(one + one + "GET /b HTTP/1.1\r\nHost: evil.test\r\n\r\n");
    assertThat(answers.split("200 OK", -1)).as("one answer").hasSize(2);
    assertThat(server.received).hasSize(1);
    assertThat(server.received.getFirst()).doesNotContain("evil", "/b").endsWith("\r\n\r\n");
  }

  @Test
  void aServerThatSwitchesProtocolsGetsNoByteMore() throws Exception {
    theWayIsOpen();
    try (HttpServer switching =
            HttpServer.answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
        Way other = new Way(all(switching.port()), Way.CAPS)) {
      other.names.put("plain.test", List.of(InetAddress.getLoopbackAddress()));
      String at = "plain.test:" + switching.port();
      try (Socket socket = other.connect()) {
        socket
            .getOutputStream()
            .write(
                "GET http://%s/ HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nRAW"
                    .formatted(at, at)
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(Way.rest(socket)).startsWith("HTTP/1.1 101 ");
      }
      assertThat(switching.received.getFirst()).doesNotContain("Upgrade", "websocket", "RAW");
    }
  }

  private static Rules all(int port) {
    return new Rules() {
      @Override
      public Ruling named(Asked asked) {
        return new Ruling(asked.to().host(), Ruling.hard(asked.to().port() == port, ""));
      }

      @Override
      public Ruling reached(InetAddress address, Asked asked) {
        return new Ruling(address.getHostAddress(), Ruling.hard(true, ""));
      }
    };
  }

  @Test
  void aRuleOnOneSchemeOpensNothingOfTheOther() throws Exception {
    theWayIsOpen();
    assertThat(get("tls.test")).startsWith("HTTP/1.1 403 Refused by network.default");
    assertThat(way.ask(to("plain.test"))).startsWith("HTTP/1.1 403 Refused by network.default");
    assertThat(way.ask(to("tls.test"))).startsWith("HTTP/1.1 200 ");
    assertThat(server.received).filteredOn(r -> !r.isEmpty()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PRI", "get"})
  void aMethodThatIsNotListedIsRefused(String method) throws Exception {
    theWayIsOpen();
    String at = to("plain.test");
    assertThat(way.say("%s http://%s/ HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(method, at, at)))
        .startsWith("HTTP/1.1 403 ")
        .contains("add it to network.allow");
    assertThat(server.received).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1|Host: @",
        "GET https://@/ HTTP/1.1|Host: @",
        "GET ftp://@/ HTTP/1.1|Host: @",
        "GET http:///x HTTP/1.1|Host: @",
        "GET http://u:p@@/ HTTP/1.1|Host: @",
        "GET http://@#x HTTP/1.1|Host: @",
        "GET http://@/a b HTTP/1.1|Host: @",
        "GET http://plain.test%00:80/ HTTP/1.1|Host: @",
        "GET http://plain.test.:80/ HTTP/1.1|Host: plain.test.",
        "GET http://plain.test:080/ HTTP/1.1|Host: plain.test",
        "GET http://plain.test:99999/ HTTP/1.1|Host: plain.test:99999",
        "GET http://@/ HTTP/1.1",
        "GET http://@/ HTTP/1.1|Host: evil.test",
        "GET http://@/ HTTP/1.1|Host: plain.test",
        "GET http://@/ HTTP/1.1|Host: @|Host: @",
        "GET http://@/ HTTP/1.1|Host: @|Host: evil.test",
        "GET http://@/ HTTP/1.1|Host: @|Transfer-Encoding: chunked",
        "GET http://@/ HTTP/1.1|Host: @|Transfer-Encoding: x",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: 5|Transfer-Encoding: chunked",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: 5|Content-Length: 6",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: +5",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: 0x5",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: 5,5",
        "POST http://@/ HTTP/1.1|Host: @|Content-Length: -1",
        "GET http://@/ HTTP/1.1|Host : @",
        "GET http://@/ HTTP/1.1|Host: @|Bad Name: x",
        "GET http://@/ HTTP/1.1|Host: @|: x",
        "GET http://@/ HTTP/3.0|Host: @",
        "GET http://@/",
        "CONNECT @ HTTP/1.1|Host: @|Content-Length: 5",
        "CONNECT @ HTTP/1.1|Host: @|Transfer-Encoding: chunked"
      })
  void whatServersCouldReadDifferentlyIsABadRequest(String template) throws Exception {
    theWayIsOpen();
    String request =
        template
                .replace("p@@", "p\u0001")
                .replace("@", to("plain.test"))
                .replace("\u0001", "@" + to("plain.test"))
                .replace("|", "\r\n")
            + "\r\n\r\n";
    String answer = way.say(request + "hello");
    assertThat(answer).as(request).startsWith("HTTP/1.1 400 ");
    assertThat(server.received).isEmpty();
  }

  /** A line of a header that ends with LF alone, or holds a CR or a NUL, may hide another one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: a\nTransfer-Encoding: chunked\r\n",
        "X: a\rTransfer-Encoding: chunked\r\n",
        "X: a\u0000b\r\n",
        "X: a\r\n b: chunked\r\n"
      })
  void aHeaderThatHidesAnotherReachesNoServerAsTwo(String header) throws Exception {
    theWayIsOpen();
    String at = to("plain.test");
    String _ = way.say("GET http://%s/ HTTP/1.1\r\nHost: %s\r\n%s\r\n".formatted(at, at, header));
    assertThat(server.received)
        .allSatisfy(r ->
            assertThat(r.replace("\r\n", "\u0002")).doesNotContain("\n", "\r", "\u0000", "\u0002 "))
        .allSatisfy(r ->
            assertThat(r.toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("\r\ntransfer-encoding"));
  }

  @Test
  void anAddressThatANameLeadsToIsJudgedForPlainHttpToo() throws Exception {
    theWayIsOpen();
    assertThat(get("moved.test"))
        .startsWith("HTTP/1.1 403 Refused by never")
        .contains("203.0.113.9");
  }

  @Test
  void whereTheRedirectLeadsIsAskedForOnItsOwn() throws Exception {
    server.close();
    server =
        HttpServer.answering(
            "HTTP/1.1 302 Found\r\nLocation: http://evil.test/\r\nContent-Length: 0\r\n\r\n");
    open(Manner.DIRECT);
    assertThat(get("plain.test")).startsWith("HTTP/1.1 302 ");
    assertThat(way.resolved).containsExactly("plain.test");
    assertThat(way.say("GET http://evil.test/ HTTP/1.1\r\nHost: evil.test\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @Test
  void aPolicyThatTellsRulesAloneTellsNoMore() throws Exception {
    open(new Manner(true, java.util.Optional.empty()));
    assertThat(get("evil.test"))
        .startsWith("HTTP/1.1 403 Refused by network.default\r\n")
        .doesNotContain("policy.yaml", "no rule allows", "network.allow");
    assertThat(way.records("evil.test", "policy.yaml")).isTrue();
  }
}
