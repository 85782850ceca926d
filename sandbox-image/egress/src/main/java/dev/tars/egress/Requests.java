package dev.tars.egress;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
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
    try {
      HttpVersion version = request.protocolVersion();
      if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
        throw new PlainRequest.Malformed("its version is not HTTP/1.1 or HTTP/1.0");
      }
      Asked asked =
          HttpMethod.CONNECT.equals(request.method())
              ? tunnel(request)
              : PlainRequest.read(request);
      ctx.pipeline().remove(this);
      proxy.open(client, asked);
    } catch (PlainRequest.Malformed e) {
      Answer.malformed(client, String.valueOf(e.getMessage()));
    }
  }

  private static Asked tunnel(HttpRequest request) throws PlainRequest.Malformed {
    Authority authority =
        Authority.parse(request.uri())
            .orElseThrow(
                () -> new PlainRequest.Malformed("CONNECT wants a host, a colon and a port"));
    if (!hostAgrees(request, authority)) {
      throw new PlainRequest.Malformed("its Host is another than the one that CONNECT names");
    }
    if (request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
        || request.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
      throw new PlainRequest.Malformed("CONNECT has no body");
    }
    return new Asked(authority, Optional.empty());
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

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
