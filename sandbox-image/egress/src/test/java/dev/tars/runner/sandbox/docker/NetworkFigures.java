package dev.tars.runner.sandbox.docker;

import dev.tars.runner.sandbox.NetworkedSandbox;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What the way through gateway and proxy costs, beside a container on the engine's ordinary network
 * that talks to the same server: setting up TLS connections, and echoing bytes. Prints one line of
 * JSON. Both are measured in turns, so that load on the machine meets both.
 */
public final class NetworkFigures {
  private static final int ROUNDS = 3;

  private static final String CLIENT =
      """
      import socket, ssl, sys, time
      through, host, address, port = sys.argv[1] == "proxy", sys.argv[2], sys.argv[3], int(sys.argv[4])
      c = ssl._create_unverified_context()
      c.check_hostname = False
      def connect():
          if not through:
              return c.wrap_socket(socket.create_connection((address, port), 20), server_hostname=host)
          s = socket.create_connection(("127.0.0.1", 3128), 20)
          s.sendall(f"CONNECT {host}:{port} HTTP/1.1\\r\\n\\r\\n".encode())
          assert b" 200 " in s.recv(4096)
          return c.wrap_socket(s, server_hostname=host)
      for _ in range(20):
          connect().close()
      for _ in range(100):
          start = time.perf_counter()
          t = connect()
          print("setup", (time.perf_counter() - start) * 1000)
          t.close()
      t = connect()
      block, total = b"x" * 16384, 6 << 20
      start = time.perf_counter()
      sent = got = 0
      t.setblocking(True)
      while got < total:
          if sent < total and sent - got < 65536:
              t.sendall(block)
              sent += len(block)
          else:
              part = t.recv(65536)
              assert part, "cut"
              got += len(part)
      print("rate", total / (time.perf_counter() - start) / 1048576)
      """;

  private NetworkFigures() {}

  public static void main(String[] args) throws Exception {
    EgressDockerIT bench = new EgressDockerIT();
    bench.temp = Files.createTempDirectory("network-figures");
    bench.connect();
    StringBuilder direct = new StringBuilder();
    StringBuilder proxy = new StringBuilder();
    long opening = System.nanoTime();
    double ready;
    try (NetworkedSandbox.Opened way = bench.open(bench.only("one.test"))) {
      String _ = bench.run(way.sandbox(), List.of("true"));
      ready = (System.nanoTime() - opening) / 1e9;
      for (int i = 0; i < ROUNDS; i++) {
        direct.append(bench.outside("bridge", client(bench, "direct")));
        proxy.append(bench.run(way.sandbox(), client(bench, "proxy")));
      }
    }
    System.out.printf(
        "{\"setupDirectMedianMillis\":%.2f,\"setupProxyMedianMillis\":%.2f,"
            + "\"setupDirect95Millis\":%.2f,\"setupProxy95Millis\":%.2f,"
            + "\"rateDirect\":%.1f,\"rateProxy\":%.1f,\"firstBoxSeconds\":%.2f}%n",
        at(direct, "setup", 0.5),
        at(proxy, "setup", 0.5),
        at(direct, "setup", 0.95),
        at(proxy, "setup", 0.95),
        at(direct, "rate", 0.5),
        at(proxy, "rate", 0.5),
        ready);
    bench.close();
  }

  private static List<String> client(EgressDockerIT bench, String how) {
    return List.of(
        "python3",
        "-u",
        "-c",
        CLIENT,
        how,
        "one.test",
        bench.bridge.getHostAddress(),
        "" + bench.server.port());
  }

  private static double at(CharSequence lines, String name, double quantile) {
    List<Double> values =
        Pattern.compile(name + " ([0-9.]+)")
            .matcher(lines)
            .results()
            .map(m -> Double.valueOf(m.group(1)))
            .sorted()
            .toList();
    return values.get((int) Math.min(values.size() - 1, values.size() * quantile));
  }
}
