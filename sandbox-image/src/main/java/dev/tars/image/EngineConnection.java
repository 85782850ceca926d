package dev.tars.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Three plain requests to a local engine over its Unix socket: one connection each. It streams a
 * file of any size, which the runner's transport, made for small bodies, does not.
 */
public final class EngineConnection {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REPLY_LIMIT = 16 << 20;

  private final Path socket;

  private EngineConnection(Path socket) {
    this.socket = socket;
  }

  /**
   * An engine by its address, as in {@code DOCKER_HOST}.
   *
   * @throws RunnerException if it is not a Unix socket
   */
  public static EngineConnection at(String host) {
    if (!host.startsWith("unix://")) {
      throw new RunnerException(
          FailureCode.ENGINE_UNSUITABLE,
          "an image can be loaded into a local engine only, not into " + Escape.line(host),
          "Set DOCKER_HOST to unix:// and the path of the engine's socket.");
    }
    return new EngineConnection(Path.of(host.substring("unix://".length())));
  }

  /** A JSON document, or a missing node if the engine does not know it. */
  JsonNode get(String path) {
    Reply reply = request("GET " + path, null);
    if (reply.status() == 404) {
      return JSON.missingNode();
    }
    return parse(reply, path);
  }

  /** Loads an image archive. */
  void load(Path archive) {
    String path = "/images/load?quiet=1";
    Reply reply = request("POST " + path, archive);
    // The engine answers 200 before it has read the archive, and tells of a failure in the body.
    if (reply.status() != 200) {
      throw refused(path, reply.body());
    }
    reply
        .body()
        .lines()
        .filter(line -> line.contains("\"errorDetail\""))
        .findFirst()
        .ifPresent(line -> {
          throw refused(path, line);
        });
  }

  private JsonNode parse(Reply reply, String path) {
    try {
      if (reply.status() == 200) {
        return JSON.readTree(reply.body());
      }
    } catch (IOException e) {
      throw RunnerException.of(FailureCode.ENGINE_UNSUITABLE, "the engine's answer is not JSON")
          .cause(e)
          .help("Check that DOCKER_HOST is a Docker engine.");
    }
    throw refused(path, reply.body());
  }

  private static RunnerException refused(String path, String answer) {
    return RunnerException.of(FailureCode.ENGINE_UNSUITABLE, "the engine refused " + path)
        .note(Escape.line(answer.strip()))
        .help("Look at the engine's log; 'docker info' shows its state.");
  }

  private record Reply(int status, String body) {}

  private Reply request(String line, @org.jspecify.annotations.Nullable Path body) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      // HTTP/1.0: the answer is never chunked and ends with the connection.
      String head = line + " HTTP/1.0\r\nHost: docker\r\n";
      if (body == null) {
        write(channel, head + "\r\n");
      } else {
        try (FileChannel file = FileChannel.open(body)) {
          long size = file.size();
          String type = "Content-Type: application/x-tar\r\n";
          write(channel, head + type + "Content-Length: " + size + "\r\n\r\n");
          for (long sent = 0; sent < size; ) {
            sent += file.transferTo(sent, size - sent, channel);
          }
        }
      }
      return read(Channels.newInputStream(channel));
    } catch (IOException e) {
      throw RunnerException.of(
              FailureCode.ENGINE_UNREACHABLE,
              "no Docker engine answers at " + Escape.line(socket.toString()))
          .note(Escape.line(String.valueOf(e.getMessage())))
          .cause(e)
          .help("Start it (scripts/provision does), or set DOCKER_HOST.");
    }
  }

  private static void write(SocketChannel channel, String text) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    while (buffer.hasRemaining()) {
      var _ = channel.write(buffer);
    }
  }

  private static Reply read(InputStream in) throws IOException {
    String[] status = line(in).split(" ", 3);
    if (status.length < 2 || !status[1].matches("[0-9]{3}")) {
      throw new EOFException("not an HTTP answer");
    }
    while (!line(in).isEmpty()) {
      // No header matters: the body ends with the connection.
    }
    String body = new String(in.readNBytes(REPLY_LIMIT), StandardCharsets.UTF_8);
    return new Reply(Integer.parseInt(status[1]), body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > 8192) {
        throw new EOFException("the engine closed the connection");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.US_ASCII).strip();
  }
}
