package dev.tars.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * Relays bytes between the loopback address of a box and the proxy's Unix socket. It understands
 * none of them; all decisions are the proxy's.
 */
final class Gateway implements AutoCloseable {
  private static final int BUFFER = 64 << 10;

  private final ServerSocketChannel server;
  private final Path proxy;
  private final Semaphore free;

  private Gateway(ServerSocketChannel server, Path proxy, int connections) {
    this.server = server;
    this.proxy = proxy;
    this.free = new Semaphore(connections);
  }

  /**
   * Listens on the loopback address.
   *
   * @param port 0 takes a free one
   * @param connections how many may be open at a time; one more is closed at once
   */
  static Gateway listen(int port, Path proxy, int connections) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 128);
    Gateway gateway = new Gateway(server, proxy, connections);
    Thread.ofPlatform().name("gateway").start(gateway::accept);
    return gateway;
  }

  int port() throws IOException {
    return ((InetSocketAddress) server.getLocalAddress()).getPort();
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        SocketChannel box = server.accept();
        if (free.tryAcquire()) {
          Thread.ofVirtual().start(() -> relay(box));
        } else {
          box.close();
        }
      } catch (IOException e) {
        // One connection failed, or the gateway was closed; the loop tells which.
      }
    }
  }

  private void relay(SocketChannel box) {
    try (box;
        SocketChannel out = SocketChannel.open(UnixDomainSocketAddress.of(proxy))) {
      // Without it the answers of a handshake wait for the box's delayed acknowledgements: 40 ms.
      box.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread up = Thread.ofVirtual().start(() -> copy(box, out));
      copy(out, box);
      up.join();
    } catch (IOException e) {
      // Without a proxy there is no way out: the box sees a closed connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      free.release();
    }
  }

  /** Copies until the sender is done, then says so to the receiver. An error closes both. */
  private static void copy(SocketChannel from, SocketChannel to) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try {
      while (from.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          int _ = to.write(buffer);
        }
        buffer.clear();
      }
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
