package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.util.Optional;

/**
 * Passes bytes between a client and a server to which the way is open: TLS only behind a
 * ClientHello that names this server, plain HTTP as one request.
 */
final class Joining {
  private final Opening.Way way;
  private final Proxy proxy;

  Joining(Opening.Way way, Proxy proxy) {
    this.way = way;
    this.proxy = proxy;
  }

  /** Both are open; nothing was passed yet. */
  void join(Channel server) {
    Channel client = way.client();
    client
        .closeFuture()
        .addListener(closed -> {
          var _ = server.close();
        });
    way.asked().plain().ifPresentOrElse(plain -> request(plain, server), () -> tunnel(server));
    client.pipeline().remove(HeldBytes.class);
    client.config().setAutoRead(true);
  }

  private void tunnel(Channel server) {
    Optional<String> expected =
        way.literal().isPresent() ? Optional.empty() : Optional.of(way.host());
    Answer.established(way.client());
    way.client()
        .pipeline()
        .addLast(new ClientHelloGuard(expected, () -> relay(server), this::refusedLate));
  }

  private void request(PlainRequest plain, Channel server) {
    Optional<Manner.Upstream> upstream = proxy.manner().upstream();
    FullHttpRequest out = plain.outgoing(upstream.map(u -> "http://" + way.asked().to()));
    upstream.ifPresent(other -> other.authorize(out));
    ByteBuf bytes = bytes(out);
    if (!proxy.budget().passUp(bytes.readableBytes())) {
      bytes.release();
      var _ = way.client().close();
      return;
    }
    way.entry().bytes(bytes.readableBytes(), 0);
    var _ = server.writeAndFlush(bytes);
    way.client().pipeline().addLast(new BodyOf(plain.length()));
    relay(server);
  }

  private static ByteBuf bytes(FullHttpRequest request) {
    EmbeddedChannel writer = new EmbeddedChannel(new HttpRequestEncoder());
    boolean _ = writer.writeOutbound(request);
    CompositeByteBuf all = Unpooled.compositeBuffer();
    for (ByteBuf part = writer.readOutbound(); part != null; part = writer.readOutbound()) {
      all.addComponent(true, part);
    }
    boolean _ = writer.finish();
    return all;
  }

  private void relay(Channel server) {
    way.client().pipeline().remove(CloseUnlessOpened.class);
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
    var _ = proxy.ledger().count(Ruling.hard(way.host(), reason), way.asked());
  }
}
