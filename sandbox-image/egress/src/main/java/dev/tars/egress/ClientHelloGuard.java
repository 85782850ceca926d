package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslClientHelloHandler;
import io.netty.util.concurrent.Future;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Waits for a ClientHello that names the server which CONNECT named, and lets nothing pass before.
 * When it is satisfied it leaves the pipeline; what it has collected goes on unchanged.
 */
final class ClientHelloGuard extends SslClientHelloHandler<String> {
  /** Big enough for post-quantum key shares and a long list of tickets. */
  private static final int LONGEST = 32 << 10;

  private final Optional<String> expected;
  private final Runnable satisfied;
  private final Consumer<String> refused;

  /**
   * @param expected the name; empty if an address was named, which a client never sends
   * @param refused takes the reason
   */
  ClientHelloGuard(Optional<String> expected, Runnable satisfied, Consumer<String> refused) {
    super(LONGEST);
    this.expected = expected;
    this.satisfied = satisfied;
    this.refused = refused;
  }

  @Override
  @SuppressWarnings("NullAway") // Netty passes null for whatever is not a ClientHello
  protected Future<String> lookup(ChannelHandlerContext ctx, ByteBuf clientHello) {
    return ctx.executor().newSucceededFuture(clientHello == null ? NOT_TLS : judge(clientHello));
  }

  private static final String NOT_TLS = "the first bytes are no TLS ClientHello";

  /** The reason for a refusal, or the empty string. */
  private String judge(ByteBuf clientHello) {
    try {
      Optional<String> name = ClientHello.read(clientHello).serverName();
      if (name.equals(expected)) {
        return "";
      }
      return name.isEmpty()
          ? "the ClientHello names no server"
          : "the ClientHello names another server than the request";
    } catch (ClientHello.Refused e) {
      return "the ClientHello is refused: " + e.getMessage();
    }
  }

  @Override
  protected void onLookupComplete(ChannelHandlerContext ctx, Future<String> reason) {
    if (reason.getNow().isEmpty()) {
      satisfied.run();
      ctx.pipeline().remove(this);
    } else {
      refused.accept(reason.getNow());
      var _ = ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    refused.accept(NOT_TLS);
    var _ = ctx.close();
  }
}
