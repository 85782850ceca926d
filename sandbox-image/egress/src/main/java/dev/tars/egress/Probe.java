package dev.tars.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks at the name space of a box from inside, before a box is in it: there is a loopback
 * interface and nothing else, and a name that no policy allows is refused all the way through
 * gateway and proxy.
 */
final class Probe {
  private static final Duration PROXY_COMES = Duration.ofSeconds(20);
  private static final int ANSWER_MILLIS = 10_000;

  private Probe() {}

  /** Returns what is not as it must be, or nothing. */
  static Optional<String> look(String deniedName, int port, Path proxy)
      throws InterruptedException {
    try {
      if (!NetworkInterface.networkInterfaces().allMatch(Probe::isLoopback)) {
        return Optional.of("the name space has an interface to a network");
      }
      awaitProxy(proxy);
      String answer = ask(deniedName, port);
      return answer.startsWith("HTTP/1.1 403 ")
          ? Optional.empty()
          : Optional.of("a name that no rule allows was not refused: " + firstLine(answer));
    } catch (IOException e) {
      return Optional.of("the way through gateway and proxy: " + e.getMessage());
    }
  }

  private static boolean isLoopback(NetworkInterface one) {
    try {
      return one.isLoopback() || !one.isUp();
    } catch (SocketException e) {
      return false; // then it is not known to be one
    }
  }

  private static void awaitProxy(Path proxy) throws IOException, InterruptedException {
    long end = System.nanoTime() + PROXY_COMES.toNanos();
    while (true) {
      try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(proxy))) {
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(5);
      }
    }
  }

  private static String ask(String name, int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      socket.connect(
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      socket
          .getOutputStream()
          .write(("CONNECT " + name + ":443 HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(200), StandardCharsets.US_ASCII);
    }
  }

  private static String firstLine(String answer) {
    return answer.isEmpty() ? "closed" : answer.lines().findFirst().orElse("");
  }
}
