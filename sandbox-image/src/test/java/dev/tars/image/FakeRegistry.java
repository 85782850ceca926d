package dev.tars.image;

import dev.tars.runner.model.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A registry on a loopback port that serves one image of one layer, as the protocol asks. */
final class FakeRegistry implements AutoCloseable {
  private static final int TLS_HANDSHAKE = 0x16;
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  private final ServerSocket server;
  private final Map<String, byte[]> answers = new HashMap<>();

  FakeRegistry(byte[] layer, String settings) throws IOException {
    byte[] zipped = gzip(layer);
    byte[] config =
        """
        {"architecture":"%s","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":["%s"]}}
        """
            .formatted(architecture(), settings, Digest.of(layer))
            .getBytes(StandardCharsets.UTF_8);
    String manifest =
        """
        {"schemaVersion":2,"mediaType":"%s",
        "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":%d,"digest":"%s"},
        "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":%d,"digest":"%s"}]}
        """
            .formatted(
                MANIFEST, config.length, Digest.of(config), zipped.length, Digest.of(zipped));
    answers.put("/v2/", new byte[0]);
    answers.put("/v2/team/tools/manifests/1", manifest.getBytes(StandardCharsets.UTF_8));
    answers.put("/v2/team/tools/blobs/" + Digest.of(config), config);
    answers.put("/v2/team/tools/blobs/" + Digest.of(zipped), zipped);
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serve);
  }

  /** The name of its image. */
  String image() {
    return "localhost:" + server.getLocalPort() + "/team/tools:1";
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        answer(client);
      } catch (IOException e) {
        // The client gave up, or the test has ended: either way there is nobody to tell.
        continue;
      }
    }
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    in.mark(1);
    int first = in.read();
    if (first < 0 || first == TLS_HANDSHAKE) {
      return; // It speaks plain HTTP; the client sees the connection close and tries that.
    }
    in.reset();
    String[] request = in.readLine().split(" ", 3);
    while (!in.readLine().isEmpty()) {
      // No header matters.
    }
    byte[] body = answers.get(request[1]);
    int length = body == null ? 0 : body.length;
    String head =
        "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(body == null ? "404 Not Found" : "200 OK", MANIFEST, length);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    if (body != null && !request[0].equals("HEAD")) {
      client.getOutputStream().write(body);
    }
  }

  private static byte[] gzip(byte[] layer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(layer);
    }
    return bytes.toByteArray();
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch");
    return arch.equals("aarch64") ? "arm64" : arch;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
