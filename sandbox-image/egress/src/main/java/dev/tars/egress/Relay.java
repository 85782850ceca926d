package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.IntPredicate;

/**
 * Passes bytes on to the other end, as fast as that end takes them. Both ends close together, also
 * when a cap is crossed.
 */
final class Relay extends ChannelInboundHandlerAdapter {
  private final Channel other;
  private final IntPredicate mayPass;

  /**
   * @param mayPass asked with the size of each piece before it is passed on
   */
  Relay(Channel other, IntPredicate mayPass) {
    this.other = other;
    this.mayPass = mayPass;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (!mayPass.test(bytes.readableBytes())) {
      bytes.release();
      var _ = ctx.close();
      return;
    }
    var _ = other.write(bytes);
    if (!other.isWritable()) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    other.flush();
  }

  /** This end takes bytes again, or no longer: the other end reads accordingly. */
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    other.config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    var _ = ctx.close();
  }
}
