package dev.tars.cli;

import dev.tars.runner.ReviewRequest;
import dev.tars.runner.RunResult;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.Reviews;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code execute review}: look, approve or reject. */
@Command(
    name = "review",
    description = {
      "Without --approve or --reject: print what to look at and the diff.",
      "With --approve: give your approval and promote as soon as approvals suffice."
    })
final class ReviewCommand implements Callable<Integer> {
  private final Cli cli;

  @Option(
      names = "--context-id",
      required = true,
      paramLabel = "CTX",
      description = "CTX-<n> or last.")
  private String contextId = "";

  @ArgGroup(exclusive = true)
  private @Nullable Answer answer;

  @Option(
      names = "--comment",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "Goes on record.")
  private String comment = "";

  @Option(
      names = "--override",
      paramLabel = "GATE",
      description = {
        "With --approve: let the change through although this gate failed.",
        "The policy says who may, and whether --comment must say why. May be repeated."
      })
  private List<String> overrides = List.of();

  @Option(
      names = "--lock-wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long promotion waits for another one (default: 10).")
  private int lockWait;

  static final class Answer {
    @Option(names = "--approve", required = true, description = "Approve this change set.")
    boolean approve;

    @Option(names = "--reject", required = true, description = "Reject this change set.")
    boolean reject;
  }

  ReviewCommand(Cli cli) {
    this.cli = cli;
  }

  @Override
  public Integer call() {
    if (!overrides.isEmpty() && (answer == null || !answer.approve)) {
      throw new RunnerException(
          FailureCode.USAGE, "--override without --approve", "add --approve and --comment REASON");
    }
    if (answer != null && !answer.approve && !answer.reject) {
      throw new RunnerException(
          FailureCode.USAGE,
          "an answer that is false decides nothing",
          "write --approve or --reject without a value, or neither to look at the change");
    }
    try (SandboxRunner runner = cli.open()) {
      if (answer == null) {
        new ContextView(cli).show(runner.contexts().record(contextId));
        if (!cli.global().json()) {
          cli.flush();
          runner.contexts().diff(contextId, SafeText.to(cli.out()));
        }
        return 0;
      }
      RunResult outcome =
          runner.review(
              new ReviewRequest(
                  contextId,
                  new Reviews.Answer(answer.approve, comment, overrides),
                  Duration.ofSeconds(lockWait)),
              new ProgressLines(cli));
      return new ContextView(cli).show(outcome);
    }
  }
}
