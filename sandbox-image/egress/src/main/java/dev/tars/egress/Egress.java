package dev.tars.egress;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The one program of the image, as gateway or as proxy. It ends with its standard input, which the
 * engine closes when the runner is gone: a network that nobody watches is closed.
 */
public final class Egress {
  private static final Path SOCKET = Path.of("/run/egress/proxy");
  private static final Path TABLE = Path.of("/etc/egress/table.json");
  private static final int PORT = 3128;
  private static final int CONNECTIONS = 512;

  private Egress() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    if (arguments.length == 2 && arguments[0].equals("gateway")) {
      gateway(out, arguments[1]);
    } else if (arguments.length == 1 && arguments[0].equals("proxy")) {
      proxy(out);
    } else {
      throw new IllegalArgumentException("usage: gateway NAME-THAT-IS-DENIED | proxy");
    }
  }

  private static void gateway(PrintStream out, String denied)
      throws IOException, InterruptedException {
    Gateway gateway = Gateway.listen(PORT, SOCKET, CONNECTIONS);
    Optional<String> problem = Probe.look(denied, gateway.port(), SOCKET);
    JsonLine line = new JsonLine().put("type", problem.isEmpty() ? "ready" : "open");
    say(out, line.put("problem", problem.orElse("")).toString());
    untilTheRunnerIsGone();
    System.exit(0);
  }

  private static void proxy(PrintStream out) throws IOException, InterruptedException {
    InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
    TableFile file = TableFile.read(Files.readAllBytes(TABLE));
    Ledger ledger = new Ledger(line -> say(out, line));
    Budget budget = new Budget(file.caps());
    Proxy proxy =
        new Proxy(
            new PolicyRules(file.table(), file.phase()),
            Names::ofSystem,
            file.manner(),
            new Account(budget, ledger));
    proxy.listen(SOCKET);
    say(out, new JsonLine().put("type", "ready").toString());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> last(out, ledger, budget)));
    var _ =
        Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory())
            .scheduleWithFixedDelay(ledger::flush, 1, 1, TimeUnit.SECONDS);
    untilTheRunnerIsGone();
    System.exit(0);
  }

  private static void last(PrintStream out, Ledger ledger, Budget budget) {
    ledger.flush();
    say(out, new JsonLine().put("type", "end").put("crossed", budget.crossed()).toString());
  }

  private static void say(PrintStream out, String line) {
    synchronized (out) {
      out.print(line + "\n");
      out.flush();
    }
  }

  private static void untilTheRunnerIsGone() throws IOException {
    while (System.in.read() >= 0) {
      // Nothing is ever sent; what counts is the end.
    }
  }
}
