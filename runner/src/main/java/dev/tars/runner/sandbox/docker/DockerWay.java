package dev.tars.runner.sandbox.docker;

import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.sandbox.EgressTable;
import dev.tars.runner.sandbox.NetworkAccess;
import dev.tars.runner.sandbox.NetworkUse;
import dev.tars.runner.sandbox.NetworkWay;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A gateway and a proxy, opened in the background. Both end when this process does, since their
 * standard input ends, and the engine then removes them. One that was made and not started when
 * this process ended has no process and no network, and goes with the next command.
 */
final class DockerWay implements NetworkWay {
  private static final long READY_SECONDS = 45;
  private static final long END_SECONDS = 5;

  private final EgressEngine engine;
  private final EgressTable table;
  private final String denied = deniedName();
  private final EgressOutput gatewayOutput = new EgressOutput("the gateway");
  private final EgressOutput proxyOutput = new EgressOutput("the proxy");
  private final List<String> containers = new ArrayList<>();
  private final CompletableFuture<NetworkAccess> opening = new CompletableFuture<>();
  private boolean closed;

  private DockerWay(EgressEngine engine, EgressTable table) {
    this.engine = engine;
    this.table = table;
  }

  static DockerWay begin(EgressEngine engine, EgressTable table) {
    DockerWay way = new DockerWay(engine, table);
    var _ = Thread.ofPlatform().daemon().name("network").start(way::open);
    return way;
  }

  /** A name that no rule can have meant. */
  private static String deniedName() {
    byte[] random = new byte[12];
    new SecureRandom().nextBytes(random);
    return "x" + HexFormat.of().formatHex(random) + ".invalid";
  }

  private void open() {
    try {
      NetworkAccess access = opened();
      boolean _ = opening.complete(access);
    } catch (RuntimeException | Error e) {
      boolean _ = opening.completeExceptionally(e);
    }
  }

  private NetworkAccess opened() {
    String proxy = made(EgressContainer.proxy(engine.labels()));
    engine.copy(
        proxy,
        EgressContainer.TABLE_DIRECTORY,
        "table.json",
        table.json().toString().getBytes(StandardCharsets.UTF_8));
    engine.attach(proxy, proxyOutput);
    engine.start(proxy);
    String gateway = made(EgressContainer.gateway(denied, proxy, engine.labels()));
    engine.attach(gateway, gatewayOutput);
    engine.start(gateway);
    proxyOutput.awaitReady(READY_SECONDS);
    gatewayOutput.awaitReady(READY_SECONDS);
    return new NetworkAccess.Joined(gateway);
  }

  private String made(EgressContainer container) {
    String id = engine.create(container);
    synchronized (this) {
      containers.add(id);
    }
    return id;
  }

  @Override
  public NetworkAccess access() {
    try {
      return opening.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RunnerException known
          ? known
          : RunnerException.of(
                  FailureCode.ENGINE_UNSUITABLE,
                  "the network that the policy allows could not be opened: "
                      + Escape.line(String.valueOf(e.getCause())))
              .cause(e)
              .help("see `tarscli doctor`, or take network.allow out of the policy");
    }
  }

  @Override
  public void close() {
    var _ = opening.handle((access, error) -> Boolean.TRUE).join();
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      if (!opening.isCompletedExceptionally()) {
        engine.end(containers.getFirst());
        proxyOutput.awaitEnd(END_SECONDS);
      }
      engine.remove(containers.reversed());
    }
  }

  @Override
  public String crossed() {
    return opening.isCompletedExceptionally() ? "" : proxyOutput.crossed();
  }

  @Override
  public List<NetworkUse> used() {
    return proxyOutput.uses().stream().filter(use -> !use.host().equals(denied)).toList();
  }
}
