package dev.tars.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another proxy behind ours: another one of ours stands for it, and a server that keeps words. */
class UpstreamTest {
  @TempDir private static Path keys;
  private TlsServer server;
  private Way company;

  @BeforeEach
  void open() throws Exception {
    server = TlsServer.start(keys, "allowed.example");
    company = new Way(rules("allowed.example"), Way.CAPS);
    company.names.put("allowed.example", List.of(InetAddress.getLoopbackAddress()));
  }

  @AfterEach
  void close() throws Exception {
    company.close();
    server.close();
  }

  private static Rules rules(String... allowed) {
    return new Rules() {
      @Override
      public Ruling named(Asked asked) {
        boolean known = List.of(allowed).contains(asked.to().host());
        return new Ruling(asked.to().host(), Ruling.hard(known, known ? "" : "not known"));
      }

      @Override
      public Ruling reached(InetAddress address, Asked asked) {
        return new Ruling(address.getHostAddress(), Ruling.hard(true, ""));
      }
    };
  }

  private static Way through(int port, String credentials) throws Exception {
    Manner.Upstream upstream = new Manner.Upstream("company.test", port, credentials);
    Way way =
        new Way(
            rules("allowed.example", "refused.example"),
            Way.CAPS,
            new Manner(false, Optional.of(upstream)));
    way.names.put("company.test", List.of(InetAddress.getLoopbackAddress()));
    way.names.put("allowed.example", List.of(InetAddress.getLoopbackAddress()));
    return way;
  }

  @Test
  void everyConnectionGoesThroughIt() throws Exception {
    try (Way way = through(company.port(), "")) {
      try (SSLSocket tls =
          Way.tls(
              way.opened("allowed.example:" + server.port()),
              server.context(),
              "allowed.example")) {
        assertThat(Way.echoes(tls, 300_000)).isTrue();
      }
      assertThat(way.resolved).containsExactly("company.test");
      assertThat(company.resolved).containsExactly("allowed.example");
    }
  }

  @Test
  void whatThePolicyRefusesNeverReachesIt() throws Exception {
    try (Way way = through(company.port(), "")) {
      assertThat(way.ask("evil.example:443")).startsWith("HTTP/1.1 403 ");
      assertThat(company.decisions()).isEmpty();
    }
  }

  @Test
  void whatItRefusesIsSaidToBeItsRefusal() throws Exception {
    try (Way way = through(company.port(), "")) {
      assertThat(way.ask("refused.example:443"))
          .startsWith("HTTP/1.1 502 ")
          .contains("network.upstream refuses it", "403");
    }
  }

  @Test
  void whereItIsGoneNothingGoesAnotherWay() throws Exception {
    company.proxy.close();
    int before = server.accepted.get();
    try (Way way = through(company.port(), "")) {
      assertThat(way.ask("allowed.example:" + server.port()))
          .startsWith("HTTP/1.1 502 ")
          .contains("network.upstream");
    }
    assertThat(server.accepted.get()).isEqualTo(before);
  }

  @Test
  void theServerNameIsJudgedBeforeTlsGoesThroughIt() throws Exception {
    try (Way way = through(company.port(), "")) {
      server.received.set(0);
      try (Socket socket = way.opened("allowed.example:" + server.port())) {
        socket.getOutputStream().write(Hellos.of("other.example").bytes());
        assertThat(Way.rest(socket)).isEmpty();
      }
      assertThat(server.received.get()).isEqualTo(0);
    }
  }

  @Test
  void itIsToldWhoWeAreAndNobodyElseIs() throws Exception {
    try (HttpServer proxy = HttpServer.answering("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
        Way way = through(proxy.port(), "me:secret")) {
      assertThat(way.ask("allowed.example:443")).startsWith("HTTP/1.1 502 ").contains("407");
      assertThat(
              way.say(
                  "GET http://allowed.example/x HTTP/1.1\r\nHost: allowed.example\r\n"
                      + "Proxy-Authorization: Basic c3R1ZmY6eA==\r\n\r\n"))
          .startsWith("HTTP/1.1 407 ");
      assertThat(proxy.received.getFirst())
          .startsWith("CONNECT allowed.example:443 HTTP/1.1\r\n")
          .containsIgnoringCase("proxy-authorization: Basic bWU6c2VjcmV0");
      assertThat(proxy.received.getLast())
          .startsWith("GET http://allowed.example:80/x HTTP/1.1\r\n")
          .containsIgnoringCase("proxy-authorization: Basic bWU6c2VjcmV0")
          .doesNotContain("c3R1ZmY6eA==");
      assertThat(way.decisions()).noneMatch(l -> l.contains("secret"));
    }
  }
}
