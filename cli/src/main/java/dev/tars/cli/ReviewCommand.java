package dev.tars.cli;

import dev.tars.runner.ReviewRequest;
import dev.tars.runner.RunResult;
import dev.tars.runner.SandboxRunner;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.FileChange;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.run.Reviews;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code execute review}: look, approve or reject. */
@Command(
    name = "review",
    description = {
      "Without --approve or --reject: print what to look at and the diff.",
      "With --approve: give your approval and promote as soon as approvals suffice."
    },
    footer = {"", "Example: tarscli execute review CTX-7 --approve --comment 'read it'"})
final class ReviewCommand implements Callable<Integer> {
  private final Cli cli;

  @Mixin private final ContextChoice context = new ContextChoice();

  @Option(
      names = "--path",
      paramLabel = "PATH",
      description = "Show the diff of this file, or of what is below this directory, only.")
  private List<String> paths = List.of();

  @Option(names = "--no-pager", description = "Print at once what a pager would show.")
  private boolean noPager;

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
      String contextId = context.orWaiting(runner.contexts());
      if (answer == null) {
        requireNoComment();
        look(runner.contexts(), contextId);
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

  /** A comment says why; without an answer nothing would keep it. */
  private void requireNoComment() {
    if (!comment.isEmpty()) {
      throw new RunnerException(
          FailureCode.USAGE,
          "--comment without an answer is kept nowhere",
          "add --approve or --reject");
    }
  }

  private void look(Contexts contexts, String contextId) {
    ContextView view = new ContextView(cli);
    ContextRecord record = contexts.record(contextId);
    if (cli.global().json()) {
      view.show(record);
      return;
    }
    FileTable files =
        new FileTable(
            PathChoice.of(paths).among(contexts.files(contextId)),
            record.evidence().verdict().map(v -> v.verdict().findings()).orElse(List.of()));
    List<RelativePath> order = files.files().stream().map(FileChange::path).toList();
    Pager.show(
        cli,
        !noPager,
        out -> {
          view.show(record, out);
          out.println();
          files.lines(cli.paint()).forEach(out::println);
          out.println();
          contexts.diff(contextId, order, SafeText.patch(out, cli.paint()));
          out.flush();
        });
    if (record.state() instanceof Ending.Waiting) {
      String answer = "`tarscli execute review " + record.id() + " --approve`";
      cli.out().println("  next: " + answer + " promotes it, --reject --comment WHY ends it");
    } else {
      view.next(record);
    }
  }
}
