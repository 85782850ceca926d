package dev.tars.egress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The forward proxy of one run. It listens on a Unix socket, and connects to what the rules allow.
 */
final class Proxy implements AutoCloseable {
  private static final int THREADS = 2;

  private final Rules rules;
  private final Names names;
  private final Manner manner;
  private final Account account;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(THREADS, NioIoHandler.newFactory());

  /** The connections of boxes; a loop that ends does not close all of its own in time. */
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

  private @Nullable Channel listening;

  Proxy(Rules rules, Names names, Manner manner, Account account) {
    this.rules = rules;
    this.names = names;
    this.manner = manner;
    this.account = account;
  }

  /** Listens; when this returns, connections are taken. */
  void listen(Path socket) throws InterruptedException {
    listening =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accept(client);
                  }
                })
            .bind(UnixDomainSocketAddress.of(socket))
            .sync()
            .channel();
  }

  private void accept(Channel client) {
    clients.add(client);
    Budget budget = budget();
    Optional<String> none = budget.open();
    if (none.isPresent()) {
      Answer.malformed(client, none.get());
      return;
    }
    client.closeFuture().addListener(closed -> budget.close());
    Runnable end =
        () -> {
          if (client.isActive()) {
            budget.ranOut();
            var _ = client.close();
          }
        };
    var _ =
        client
            .eventLoop()
            .schedule(end, budget.caps().connection().toMillis(), TimeUnit.MILLISECONDS);
    ChannelPipeline pipeline = client.pipeline();
    pipeline.addLast(new CloseWhenIdle(budget.caps().idle()));
    pipeline.addLast(new CloseUnlessOpened(budget.caps().idle()));
    pipeline.addLast(
        new HttpRequestDecoder(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(1024)
                .setMaxHeaderSize(16 << 10)
                .setStrictLineParsing(true)
                .setChunkedSupported(false)));
    pipeline.addLast(new Requests(this));
  }

  /** Decides about a name, and opens the way if it is allowed. */
  void open(Channel client, Asked asked) {
    Optional<String> tooMany = budget().request();
    Ruling ruling =
        tooMany.map(why -> Ruling.hard(asked.to().host(), why)).orElseGet(() -> rules.named(asked));
    if (!ruling.allowed()) {
      refuse(client, ruling, asked);
      return;
    }
    Ledger.Entry entry = ledger().count(ruling, asked);
    new Opening(new Opening.Way(client, asked, ruling.host(), entry), this).begin();
  }

  /** Counts a refusal and says it. */
  void refuse(Channel client, Ruling ruling, Asked asked) {
    var _ = ledger().count(ruling, asked);
    Answer.refused(client, ruling, asked.to().port(), manner.brief());
  }

  Rules rules() {
    return rules;
  }

  Names names() {
    return names;
  }

  Manner manner() {
    return manner;
  }

  Budget budget() {
    return account.budget();
  }

  Ledger ledger() {
    return account.ledger();
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Closes every connection; safe to call twice. */
  @Override
  public void close() {
    Channel server = listening;
    if (server != null && !loops.isShuttingDown()) {
      server.close().syncUninterruptibly();
      clients.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    ledger().flush();
  }
}
