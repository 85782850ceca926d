package dev.tars.egress;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that does not come to the point: whoever sends a byte now and then is not
 * silent, and yet asks for nothing. It leaves the pipeline when bytes are relayed.
 */
final class CloseUnlessOpened extends ChannelInboundHandlerAdapter {
  private final Duration time;
  private @Nullable ScheduledFuture<?> end;

  CloseUnlessOpened(Duration time) {
    this.time = time;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    Runnable close =
        () -> {
          var _ = ctx.close();
        };
    end = ctx.executor().schedule(close, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ScheduledFuture<?> scheduled = end;
    if (scheduled != null) {
      boolean _ = scheduled.cancel(false);
    }
  }
}
