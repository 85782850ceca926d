package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/** Keeps what a client sends before it is answered; it leaves the pipeline with all of it. */
final class HeldBytes extends ChannelInboundHandlerAdapter {
  private final Deque<ByteBuf> held = new ArrayDeque<>();

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof ByteBuf bytes) {
      held.add(bytes);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    boolean some = !held.isEmpty();
    while (!held.isEmpty()) {
      ByteBuf bytes = held.remove();
      if (ctx.channel().isActive()) {
        ctx.fireChannelRead(bytes);
      } else {
        bytes.release();
      }
    }
    if (some) {
      ctx.fireChannelReadComplete();
    }
  }
}
