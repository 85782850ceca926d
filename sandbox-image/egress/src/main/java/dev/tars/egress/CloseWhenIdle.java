package dev.tars.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Closes a connection on which nothing was read or written for a while. */
final class CloseWhenIdle extends IdleStateHandler {
  CloseWhenIdle(Duration silence) {
    super(0, 0, silence.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
    var _ = ctx.close();
  }
}
