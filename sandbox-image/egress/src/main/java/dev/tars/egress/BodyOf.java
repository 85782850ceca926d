package dev.tars.egress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Passes the body of one request on and drops whatever a client sends behind it. */
final class BodyOf extends ChannelInboundHandlerAdapter {
  private long left;

  /**
   * @param length bytes of the body
   */
  BodyOf(long length) {
    this.left = length;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    int size = (int) Math.min(left, bytes.readableBytes());
    left -= size;
    if (size == 0) {
      bytes.release();
    } else {
      ctx.fireChannelRead(bytes.slice(bytes.readerIndex(), size));
    }
  }
}
