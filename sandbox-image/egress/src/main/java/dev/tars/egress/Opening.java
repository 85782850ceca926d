package dev.tars.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/**
 * From an allowed name to a connection: resolved once, every address judged, connected to the very
 * address that was judged, then kept shut until the ClientHello names the same server.
 */
final class Opening {
  private static final int CONNECT_MILLIS = 10_000;

  private final Way way;
  private final Proxy proxy;

  Opening(Way way, Proxy proxy) {
    this.way = way;
    this.proxy = proxy;
  }

  /** What one connection is about. */
  record Way(Channel client, Ruling ruling, int port, Ledger.Entry entry) {
    String host() {
      return ruling.host();
    }

    Optional<InetAddress> literal() {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host());
      try {
        return bytes == null ? Optional.empty() : Optional.of(InetAddress.getByAddress(bytes));
      } catch (UnknownHostException e) {
        return Optional.empty();
      }
    }
  }

  void begin() {
    Optional<InetAddress> literal = way.literal();
    if (literal.isPresent()) {
      connect(List.of(literal.get()), 0); // the rules were asked about this address already
    } else {
      Thread.ofVirtual().start(this::resolve);
    }
  }

  private void resolve() {
    try {
      List<InetAddress> found = proxy.names().of(way.host());
      way.client().eventLoop().execute(() -> judge(found));
    } catch (UnknownHostException e) {
      Answer.unreachable(way.client(), way.host(), "the name has no address");
    }
  }

  /** One address that may not be reached refuses the name: what it leads to is not what it was. */
  private void judge(List<InetAddress> found) {
    for (InetAddress address : found) {
      Ruling ruling = proxy.rules().reached(address, way.port());
      if (!ruling.allowed()) {
        String why = "it leads to " + address.getHostAddress() + ": " + ruling.vote().reason();
        proxy.refuse(way.client(), ruling.because(way.host(), why), way.port());
        return;
      }
    }
    connect(found, 0);
  }

  private void connect(List<InetAddress> to, int index) {
    if (!way.client().isActive()) {
      return;
    }
    ChannelFuture connecting =
        new Bootstrap()
            .group(way.client().eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new InetSocketAddress(to.get(index), way.port()));
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        way.entry().address(to.get(index).getHostAddress());
        join(connecting.channel());
      } else if (index + 1 < to.size()) {
        connect(to, index + 1);
      } else {
        Answer.unreachable(way.client(), way.host(), "no connection to port " + way.port());
      }
    });
  }

  private void join(Channel server) {
    Channel client = way.client();
    client
        .closeFuture()
        .addListener(closed -> {
          var _ = server.close();
        });
    Optional<String> expected =
        way.literal().isPresent() ? Optional.empty() : Optional.of(way.host());
    Answer.established(client);
    client
        .pipeline()
        .addLast(new ClientHelloGuard(expected, () -> relay(server), this::refusedLate));
    client.pipeline().remove(HeldBytes.class);
    client.config().setAutoRead(true);
  }

  private void relay(Channel server) {
    Budget budget = proxy.budget();
    Ledger.Entry entry = way.entry();
    way.client()
        .pipeline()
        .addLast(
            new Relay(
                server,
                n -> {
                  entry.bytes(n, 0);
                  return budget.passUp(n);
                }));
    server
        .pipeline()
        .addLast(
            new Relay(
                way.client(),
                n -> {
                  entry.bytes(0, n);
                  return budget.passDown(n);
                }));
    server.config().setAutoRead(true);
  }

  /** The client was told 200 already: the connection is closed, and the ledger says why. */
  private void refusedLate(String reason) {
    var _ = proxy.ledger().count(Ruling.hard(way.host(), reason), way.port());
  }
}
