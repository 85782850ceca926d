package dev.tars.egress;

import dev.tars.runner.policy.net.NetworkVote;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.nio.charset.StandardCharsets;

/** What the proxy itself says. Every answer but 200 ends the connection. */
final class Answer {
  private Answer() {}

  static void established(Channel to) {
    var _ = to.writeAndFlush(bytes("HTTP/1.1 200 Connection established\r\n\r\n"));
  }

  /**
   * 403, with the rule also in the first line: some tools show that line and nothing else.
   *
   * @param brief whether nothing but the rule is said
   */
  static void refused(Channel to, Ruling ruling, int port, boolean brief) {
    NetworkVote vote = ruling.vote();
    String where = brief ? "" : " (" + vote.at() + ")";
    String reason = brief || vote.reason().isEmpty() ? "the policy denies it" : vote.reason();
    String fix = ruling.fix();
    last(
        to,
        403,
        "Refused by " + vote.rule() + where,
        "tarscli: the way to %s:%d is closed: %s\n  rule: %s%s\n%s"
            .formatted(
                ruling.host(),
                port,
                reason,
                vote.rule(),
                where,
                brief || fix.isEmpty() ? "" : "  do instead: " + fix + "\n"));
  }

  static void malformed(Channel to, String why) {
    last(to, 400, "Bad Request", "tarscli: the request is refused: " + why + "\n");
  }

  static void unreachable(Channel to, String host, String why) {
    last(
        to, 502, "Not reached", "tarscli: " + host + " is allowed, but not reached: " + why + "\n");
  }

  private static void last(Channel to, int status, String reason, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n"
            .formatted(status, printable(reason), body.length);
    var _ = to.write(bytes(head + "Connection: close\r\nProxy-Connection: close\r\n\r\n"));
    to.writeAndFlush(Unpooled.wrappedBuffer(body)).addListener(ChannelFutureListener.CLOSE);
  }

  private static String printable(String text) {
    String ascii = text.replaceAll("[^\\x20-\\x7e]", "?");
    return ascii.length() > 200 ? ascii.substring(0, 200) : ascii;
  }

  private static io.netty.buffer.ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }
}
