import dev.tars.runner.ReviewRequest;
import dev.tars.runner.RunRequest;
import dev.tars.runner.RunResult;
import dev.tars.runner.RunnerSettings;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.Cancellation;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.Reviews;
import dev.tars.runner.run.RunOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs an improvement, prints what it changed and what the gates say, and promotes it. */
public final class Embed {
  public static void main(String[] args) {
    var settings = RunnerSettings.of(Path.of(args[0]), Optional.of(Path.of(args[1])), System.getenv());
    var options = RunOptions.DEFAULT.withPolicy(args[2]);
    try (SandboxRunner runner = SandboxRunner.open(settings)) {
      var request = new RunRequest(args[3], Optional.empty(), options);
      RunResult run = runner.execute(request, event -> {}, new Cancellation());
      String id = run.context().id().text();
      runner.contexts().files(id).forEach(f -> System.out.println(f.operation() + " " + f.path()));
      run.context().evidence().verdict().ifPresent(v -> System.out.println(v.verdict().result()));
      if (run.exitCode() == 12) { // somebody must agree; a program shows them the change first
        var yes = new Reviews.Answer(true, "seen", List.of());
        run = runner.review(new ReviewRequest(id, yes, Duration.ofSeconds(10)), event -> {});
      }
      System.out.println(run.context().state().id());
    } catch (RunnerException e) {
      System.err.println(e.code().id() + ": " + e.getMessage() + "; " + e.help());
      System.exit(e.code().exitCode());
    }
  }
}
