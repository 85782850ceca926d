package dev.tars.egress;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A server with a certificate of its own that sends back what it gets. Counts its connections. */
public final class TlsServer implements AutoCloseable {
  private static final char[] PASSWORD = "password".toCharArray();

  final AtomicInteger accepted = new AtomicInteger();

  /** Connections on which at least one byte arrived. */
  final AtomicLong received = new AtomicLong();

  private final SSLContext context;
  private final ServerSocket server;

  private TlsServer(SSLContext context, ServerSocket server) {
    this.context = context;
    this.server = server;
  }

  static TlsServer start(Path directory, String... names) throws Exception {
    return start(InetAddress.getLoopbackAddress(), directory, names);
  }

  /** Listens on an address of this machine, with a certificate for the names. */
  public static TlsServer start(InetAddress at, Path directory, String... names) throws Exception {
    Path store = directory.resolve("keys.p12");
    if (!Files.exists(store)) {
      String sans =
          "san=" + String.join(",", List.of(names).stream().map(n -> "dns:" + n).toList());
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "server",
                  "-keyalg",
                  "EC",
                  "-dname",
                  "CN=test",
                  "-ext",
                  sans,
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  new String(PASSWORD),
                  "-validity",
                  "30")
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("keytool.log").toFile())
              .start();
      if (keytool.waitFor() != 0) {
        throw new IOException(Files.readString(directory.resolve("keytool.log")));
      }
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", keys.getCertificate("server"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    ServerSocket socket = new ServerSocket(0, 50, at);
    TlsServer server = new TlsServer(context, socket);
    Thread.ofVirtual().start(server::accept);
    return server;
  }

  public int port() {
    return server.getLocalPort();
  }

  SSLContext context() {
    return context;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        accepted.incrementAndGet();
        Thread.ofVirtual().start(() -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void echo(Socket plain) {
    try (plain) {
      byte[] first = plain.getInputStream().readNBytes(1);
      received.addAndGet(first.length);
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, new ByteArrayInputStream(first), true);
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The client decides when it is over.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
