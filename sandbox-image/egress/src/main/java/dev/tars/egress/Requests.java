package dev.tars.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the one request of a connection and decides about it. Nothing goes out before. */
final class Requests extends ChannelInboundHandlerAdapter {
  private final Proxy proxy;
  private boolean asked;

  Requests(Proxy proxy) {
    this.proxy = proxy;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!asked && message instanceof HttpRequest request) {
      asked = true;
      ctx.channel().config().setAutoRead(false);
      ctx.pipeline().addLast(new HeldBytes());
      ctx.pipeline()
          .remove(HttpRequestDecoder.class); // what it has not read yet comes through here
      decide(ctx, request);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  private void decide(ChannelHandlerContext ctx, HttpRequest request) {
    Channel client = ctx.channel();
    if (request.decoderResult().isFailure()) {
      Answer.malformed(client, "it is not HTTP");
      return;
    }
    if (!HttpMethod.CONNECT.equals(request.method())) {
      plain(client, request);
      return;
    }
    Optional<Authority> authority = Authority.parse(request.uri());
    if (authority.isEmpty()) {
      Answer.malformed(client, "CONNECT wants a host, a colon and a port");
      return;
    }
    if (!hostAgrees(request, authority.get())) {
      Answer.malformed(client, "its Host is another than the one that CONNECT names");
      return;
    }
    ctx.pipeline().remove(this);
    proxy.open(client, authority.get());
  }

  /** Clients write the port or leave it out; several lines or another host are an attempt. */
  private static boolean hostAgrees(HttpRequest request, Authority authority) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return true;
    }
    String host = hosts.getFirst().toLowerCase(Locale.ROOT);
    return hosts.size() == 1
        && (host.equals(authority.host().toLowerCase(Locale.ROOT))
            || host.equals(authority.toString().toLowerCase(Locale.ROOT)));
  }

  private void plain(Channel client, HttpRequest request) {
    String host = Optional.ofNullable(request.headers().get(HttpHeaderNames.HOST)).orElse("?");
    Ruling ruling =
        Ruling.hard(
            host.length() > 253 ? host.substring(0, 253) : host,
            "it asks without TLS; only CONNECT is let through");
    proxy.refuse(client, ruling, 80);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
