package dev.tars.runner.sandbox.docker;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines that do not answer as they should: a call ends, in bounded time and memory. */
class HostileEngineTest {
  @TempDir private Path temp;

  private interface Behaviour {
    void answer(SocketChannel connection) throws IOException;
  }

  private void against(Behaviour behaviour, String reason) throws IOException {
    against(behaviour, reason, Duration.ofSeconds(30));
  }

  private void against(Behaviour behaviour, String reason, Duration limit) throws IOException {
    Path socket = temp.resolve("engine.sock");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread _ =
          Thread.ofVirtual()
              .start(() -> {
                while (server.isOpen()) {
                  try {
                    SocketChannel connection = server.accept();
                    Thread.ofVirtual().start(() -> quietly(behaviour, connection));
                  } catch (IOException closed) {
                    return;
                  }
                }
              });
      EngineClient engine = EngineClient.to(Optional.of("unix://" + socket), limit);
      try (engine) {
        assertThatThrownBy(
                () -> engine.call("describe itself", () -> engine.docker().infoCmd().exec()))
            .isInstanceOfSatisfying(
                RunnerException.class,
                e -> {
                  assertThat(e.code()).isEqualTo(FailureCode.ENGINE_UNREACHABLE);
                  assertThat(e.getMessage()).contains(reason);
                });
      }
    }
  }

  private static void quietly(Behaviour behaviour, SocketChannel connection) {
    try (connection) {
      int _ = connection.read(ByteBuffer.allocate(1 << 16)); // the request
      behaviour.answer(connection);
    } catch (IOException given) {
      // the client hung up, as it should
    }
  }

  private static void send(SocketChannel connection, String text) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    while (buffer.hasRemaining()) {
      int _ = connection.write(buffer);
    }
  }

  @Test
  void anEngineThatNeverAnswersIsGivenUp() throws IOException {
    against(c -> c.read(ByteBuffer.allocate(1 << 20)), "within", Duration.ofMillis(500));
  }

  @Test
  void anEngineThatHangsAfterReadingIsGivenUp() throws IOException {
    against(
        c -> {
          ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
          while (c.read(buffer) >= 0) {
            buffer.clear();
          }
        },
        "within",
        Duration.ofMillis(500));
  }

  @Test
  void headersWithoutEndAreRefused() throws IOException {
    against(
        c -> {
          send(c, "HTTP/1.1 200 OK\r\n");
          while (true) {
            send(c, "X-Same: again\r\n");
          }
        },
        "header");
  }

  @Test
  void aLineWithoutEndIsRefused() throws IOException {
    against(
        c -> {
          send(c, "HTTP/1.1 200 OK\r\nX-Long: ");
          while (true) {
            send(c, "a".repeat(1 << 12));
          }
        },
        "too long");
  }

  @Test
  void aBodyThatEndsEarlyIsRefused() throws IOException {
    against(c -> send(c, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"), "");
  }

  @Test
  void somethingElseThanHttpIsRefused() throws IOException {
    against(c -> send(c, "SSH-2.0-OpenSSH\r\n\r\n"), "not an HTTP response");
  }

  @ParameterizedTest
  @ValueSource(strings = {"nonsense", "unix:", "tcp://", "ftp://x", "unix://relative path", "::"})
  void anAddressThatIsNoneIsAnErrorOfTheConfiguration(String host) {
    try (EngineClient engine = EngineClient.to(Optional.of(host), Duration.ofSeconds(5))) {
      assertThatThrownBy(() -> engine.call("answer", () -> engine.docker().infoCmd().exec()))
          .isInstanceOfSatisfying(
              RunnerException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.CONFIG_INVALID));
    }
  }

  @Test
  void theNameOfACommandIsNoMountFailure() {
    assertThat(
            ContainerRun.isMountFailure(
                "OCI runtime create failed: exec: \"failed to mount local volume\": executable file"
                    + " not found in $PATH"))
        .isFalse();
    assertThat(
            ContainerRun.isMountFailure(
                "error while mounting volume '/v': failed to mount local volume: mount overlay:/v:"
                    + " no such file or directory"))
        .isTrue();
  }
}
