package dev.tars.egress;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A gateway and a proxy in this process, joined by a Unix socket, and what a box would do. */
final class Way implements AutoCloseable {
  static final Caps CAPS =
      new Caps(1000, 16, 8 << 20, 64 << 20, Duration.ofSeconds(20), Duration.ofSeconds(5));

  final List<String> lines = new CopyOnWriteArrayList<>();
  final Map<String, List<InetAddress>> names = new HashMap<>();
  final List<String> resolved = new CopyOnWriteArrayList<>();
  final Ledger ledger = new Ledger(lines::add);
  final Budget budget;
  final Proxy proxy;
  private final Path directory;
  private final Gateway gateway;

  Way(Rules rules, Caps caps) throws Exception {
    this(rules, caps, Manner.DIRECT);
  }

  Way(Rules rules, Caps caps, Manner manner) throws Exception {
    directory = Files.createTempDirectory("egress");
    budget = new Budget(caps);
    proxy = new Proxy(rules, this::resolve, manner, new Account(budget, ledger));
    proxy.listen(directory.resolve("s"));
    gateway = Gateway.listen(0, directory.resolve("s"), 64);
  }

  private List<InetAddress> resolve(String name) throws java.net.UnknownHostException {
    resolved.add(name);
    List<InetAddress> found = names.get(name);
    if (found == null) {
      throw new java.net.UnknownHostException(name);
    }
    return found;
  }

  int port() throws IOException {
    return gateway.port();
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /** Sends bytes and returns all that comes back before the end. */
  String say(String request) throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return rest(socket);
    }
  }

  /** The answer to a CONNECT. */
  String ask(String authority) throws IOException {
    return say("CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n\r\n");
  }

  /** A connection on which 200 was answered. */
  Socket opened(String authority) throws IOException {
    Socket socket = connect();
    socket
        .getOutputStream()
        .write(("CONNECT " + authority + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    String head = head(socket);
    if (!head.startsWith("HTTP/1.1 200 ")) {
      throw new IOException(head + rest(socket));
    }
    return socket;
  }

  static String head(Socket socket) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new IOException("closed after: " + head);
      }
      head.write(b);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  static String rest(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException e) {
      // A reset is an end too.
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** TLS on an opened connection, with a server name or without. */
  static SSLSocket tls(Socket socket, SSLContext context, String... name) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    SSLParameters parameters = tls.getSSLParameters();
    List<javax.net.ssl.SNIServerName> names = new ArrayList<>();
    List.of(name).forEach(n -> names.add(new SNIHostName(n)));
    parameters.setServerNames(names);
    tls.setSSLParameters(parameters);
    return tls;
  }

  /** Sends a number of bytes and compares what comes back. */
  static boolean echoes(SSLSocket tls, int size) throws IOException {
    byte[] sent = new byte[size];
    IntStream.range(0, size).forEach(i -> sent[i] = (byte) (i * 31));
    Thread writer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                tls.getOutputStream().write(sent);
              } catch (IOException e) {
                // The reader sees it.
              }
            });
    byte[] got = tls.getInputStream().readNBytes(size);
    try {
      writer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return java.util.Arrays.equals(sent, got);
  }

  /** Waits for a decision on record: it is counted on another thread than the client's. */
  boolean records(String... parts) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      if (decisions().stream().anyMatch(l -> List.of(parts).stream().allMatch(l::contains))) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** The decisions on record. */
  List<String> decisions() {
    ledger.flush();
    return lines;
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    proxy.close();
    Files.deleteIfExists(directory.resolve("s"));
    Files.delete(directory);
  }
}
