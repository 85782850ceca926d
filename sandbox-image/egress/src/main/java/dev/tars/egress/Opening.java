package dev.tars.egress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.resolver.NoopAddressResolverGroup;
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

  /**
   * What one connection is about.
   *
   * @param host the name or address that was decided about
   */
  record Way(Channel client, Asked asked, String host, Ledger.Entry entry) {
    int port() {
      return asked.to().port();
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
    if (proxy.manner().upstream().isPresent()) {
      Thread.ofVirtual().start(this::upstream);
      return;
    }
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

  /** The name is resolved by the other proxy; an address as a name was judged as it stands. */
  private void upstream() {
    Manner.Upstream other = proxy.manner().upstream().orElseThrow();
    try {
      List<InetAddress> found = proxy.names().of(other.host());
      way.client().eventLoop().execute(() -> connect(found, 0));
    } catch (UnknownHostException e) {
      Answer.unreachable(way.client(), other.toString(), "network.upstream has no address");
    }
  }

  /** One address that may not be reached refuses the name: what it leads to is not what it was. */
  private void judge(List<InetAddress> found) {
    for (InetAddress address : found) {
      Ruling ruling = proxy.rules().reached(address, way.asked());
      if (!ruling.allowed()) {
        String why = "it leads to " + address.getHostAddress() + ": " + ruling.vote().reason();
        proxy.refuse(way.client(), ruling.because(way.host(), why), way.asked());
        return;
      }
    }
    connect(found, 0);
  }

  private void connect(List<InetAddress> to, int index) {
    if (!way.client().isActive()) {
      return;
    }
    ChannelFuture connecting = bootstrap(to.get(index));
    connecting.addListener(done -> {
      if (done.isSuccess()) {
        way.entry().address(to.get(index).getHostAddress());
        connected(connecting.channel());
      } else if (index + 1 < to.size()) {
        connect(to, index + 1);
      } else {
        Answer.unreachable(
            way.client(),
            way.host(),
            proxy
                .manner()
                .upstream()
                .map(other -> "no connection to network.upstream, " + other)
                .orElse("no connection to port " + way.port()));
      }
    });
  }

  private ChannelFuture bootstrap(InetAddress address) {
    Optional<Manner.Upstream> upstream = proxy.manner().upstream();
    Bootstrap connection =
        new Bootstrap()
            .group(way.client().eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false);
    boolean tunnel = upstream.isPresent() && way.asked().plain().isEmpty();
    InetSocketAddress at =
        new InetSocketAddress(address, upstream.map(Manner.Upstream::port).orElse(way.port()));
    return tunnel
        ? connection
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel server) {
                    server.pipeline().addLast(upstream.get().tunnel(at), new Quiet());
                  }
                })
            .connect(InetSocketAddress.createUnresolved(way.host(), way.port()))
        : connection.handler(new ChannelInboundHandlerAdapter()).connect(at);
  }

  /** A proxy that others run has to open the way first. */
  private void connected(Channel server) {
    HttpProxyHandler tunnel = server.pipeline().get(HttpProxyHandler.class);
    if (tunnel == null) {
      new Joining(way, proxy).join(server);
      return;
    }
    tunnel
        .connectFuture()
        .addListener(done -> {
          if (done.isSuccess()) {
            new Joining(way, proxy).join(server);
          } else {
            var _ = server.close();
            Answer.unreachable(
                way.client(),
                way.host(),
                "network.upstream refuses it: " + String.valueOf(done.cause().getMessage()));
          }
        });
  }

  /** A failure of the other proxy is said where its answer is waited for. */
  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      var _ = ctx.close();
    }
  }
}
