package dev.tars.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a socket that answers one request with fixed text. */
final class EngineConnectionTest {
  @TempDir Path temp;

  @Test
  void theArchiveIsSentWholeWithItsLength() throws Exception {
    Path archive = Files.writeString(temp.resolve("image.tar"), "x".repeat(100_000));
    try (ServerSocketChannel server = listen()) {
      CompletableFuture<String> seen = answer(server, "200 OK", "{\"stream\":\"Loaded\"}", 100_000);
      engine().load(archive);
      assertThat(seen.get())
          .startsWith("POST /images/load?quiet=1 HTTP/1.0\r\n")
          .contains("Content-Length: 100000\r\n")
          .endsWith("xxx");
    }
  }

  @Test
  void aFailureInsideAGoodAnswerIsAFailure() throws Exception {
    Path archive = Files.writeString(temp.resolve("image.tar"), "no tar");
    try (ServerSocketChannel server = listen()) {
      answer(server, "200 OK", "{\"errorDetail\":{\"message\":\"unexpected EOF\"}}\r\n", 6);
      assertThatThrownBy(() -> engine().load(archive))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.notes()).anyMatch(n -> n.contains("unexpected EOF")));
    }
  }

  @Test
  void anUnknownImageIsAbsentAndNotAFailure() throws Exception {
    try (ServerSocketChannel server = listen()) {
      answer(server, "404 Not Found", "{\"message\":\"No such image\"}", 0);
      assertThat(SandboxImage.find(engine(), "nobody:knows")).isEmpty();
    }
  }

  @Test
  void anEngineThatDoesNotAnswerIsUnreachable() {
    assertThatThrownBy(() -> engine().get("/_ping"))
        .isInstanceOfSatisfying(
            RunnerException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.ENGINE_UNREACHABLE));
  }

  @Test
  void onlyALocalEngineCanTakeAnImage() {
    assertThatThrownBy(() -> EngineConnection.at("tcp://10.0.0.1:2375"))
        .isInstanceOf(RunnerException.class)
        .hasMessageContaining("tcp://10.0.0.1:2375");
  }

  private EngineConnection engine() {
    return EngineConnection.at("unix://" + temp.resolve("engine.sock"));
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(temp.resolve("engine.sock")));
    return server;
  }

  /** Reads a head and {@code body} bytes, answers, closes; the future is the request. */
  private static CompletableFuture<String> answer(
      ServerSocketChannel server, String status, String text, int body) {
    CompletableFuture<String> request = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try (SocketChannel channel = server.accept()) {
            StringBuilder seen = new StringBuilder();
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            int end = -1;
            while (end < 0 || seen.length() < end + 4 + body) {
              channel.read(buffer.clear());
              seen.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
              end = seen.indexOf("\r\n\r\n");
            }
            String reply = "HTTP/1.0 " + status + "\r\nServer: test\r\n\r\n" + text;
            channel.write(ByteBuffer.wrap(reply.getBytes(StandardCharsets.US_ASCII)));
            request.complete(seen.toString());
          } catch (IOException e) {
            request.completeExceptionally(e);
          }
        });
    return request;
  }
}
