package dev.tars.cli;

import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute monitor}: follows the events of a context from any terminal. */
@Command(
    name = "monitor",
    description = "Follow a context until it needs nobody or a person; exits as the run did.",
    footer = {"", "Example: tarscli execute monitor last"})
final class MonitorCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(
      names = "--interval",
      defaultValue = "5",
      paramLabel = "SECONDS",
      description = "How often to look (default: 5).")
  private double interval;

  @Option(
      names = "--timeout",
      defaultValue = "300",
      paramLabel = "SECONDS",
      description = "Give up with status 15 (default: 300).")
  private double timeout;

  MonitorCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (interval <= 0 || timeout <= 0) {
      throw new RunnerException(
          FailureCode.USAGE, "--interval and --timeout are seconds above 0", "write --interval 5");
    }
    long end = System.nanoTime() + nanos(timeout);
    long seen = 0;
    try (SandboxRunner runner = cli.anywhere()) {
      String id =
          runner.contexts().dir(context.orLast()).id().text(); // `last` may be another one soon
      while (true) {
        ContextRecord context = runner.contexts().record(id);
        seen = runner.contexts().events(id, seen, e -> cli.err().println(Events.dated(e)));
        if (!context.isWorking()) {
          new ContextView(cli).show(context);
          return context.exitCode();
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw RunnerException.of(
                  FailureCode.TIMEOUT, id + " did not end within " + timeout + " s")
              .note("the run itself goes on")
              .help("monitor again, or stop it with `tarscli execute cancel`");
        }
        Thread.sleep(Duration.ofNanos(Math.min(left, nanos(interval))));
      }
    }
  }

  private static long nanos(double seconds) {
    return (long) (Math.min(seconds, 1e8) * 1e9);
  }
}
