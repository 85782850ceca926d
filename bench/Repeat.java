import dev.tars.runner.RunRequest;
import dev.tars.runner.RunnerSettings;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Dry runs in one process, by the public interface: what embedding costs.
 *
 * <p>{@code java -cp 'cli/target/tarscli.jar:cli/target/lib/*' bench/Repeat.java STATE POLICY ID RUNS
 * AT_ONCE WORKSPACE...}; the runs go round the workspaces. Prints one JSON object: the seconds of
 * each run in the order they began, and of all together.
 */
final class Repeat {
  private Repeat() {}

  public static void main(String[] args) throws Exception {
    int runs = Integer.parseInt(args[3]);
    List<SandboxRunner> runners = new ArrayList<>();
    for (int i = 5; i < args.length; i++) {
      runners.add(
          SandboxRunner.open(
              RunnerSettings.of(Path.of(args[i]), Optional.of(Path.of(args[0])), System.getenv())));
    }
    RunOptions options =
        new RunOptions(
            Optional.of(args[1]), true, true, true, true, false, false, Duration.ofSeconds(10));
    RunRequest request = new RunRequest(args[2], Optional.empty(), options);
    long begin = System.nanoTime();
    List<Future<Double>> all = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(Integer.parseInt(args[4]))) {
      for (int i = 0; i < runs; i++) {
        SandboxRunner runner = runners.get(i % runners.size());
        Callable<Double> run =
            () -> {
              long start = System.nanoTime();
              var outcome = runner.execute(request, _ -> {}, new Cancellation());
              if (outcome.exitCode() != 0) {
                throw new IllegalStateException(outcome.toString());
              }
              return (System.nanoTime() - start) / 1e9;
            };
        all.add(pool.submit(run));
      }
    }
    double total = (System.nanoTime() - begin) / 1e9;
    List<String> seconds = new ArrayList<>();
    for (Future<Double> one : all) {
      seconds.add("%.4f".formatted(one.get()));
    }
    runners.forEach(SandboxRunner::close);
    System.out.printf("{\"total\": %.4f, \"seconds\": %s}%n", total, seconds);
  }
}
