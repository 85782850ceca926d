package dev.tars.runner.run;

import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.RunContext;
import dev.tars.runner.context.RunnerLock;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.promotion.Journal;
import dev.tars.runner.promotion.PromotionOutcome;
import dev.tars.runner.promotion.Rollback;
import dev.tars.runner.run.bench.Workbench;
import dev.tars.runner.store.ContextDir;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code execute rollback}. */
public final class Rollbacks {
  private static final int MOST_NAMED = 5;

  private final Workbench bench;
  private final Rollback rollback;

  public Rollbacks(Workbench bench) {
    this.bench = bench;
    this.rollback = new Rollback(bench.layout(), bench.workspaceDir(), bench.audit().get());
  }

  /** What to take back; no transaction and no path means all of the context. */
  public record Call(
      List<String> transactions, Optional<String> path, boolean force, Duration lockWait) {
    public Call {
      transactions = List.copyOf(transactions);
    }
  }

  /** What a rollback would do. */
  public RollbackReport preview(ContextDir dir, Call call) {
    List<RollbackReport.Line> paths =
        rollback.preview(request(dir, call)).stream()
            .map(s -> new RollbackReport.Line(s.action(), s.path().toString(), s.note()))
            .toList();
    return new RollbackReport(
        dir.id(),
        Optional.empty(),
        paths,
        "choose --all, --transaction-id TX or --file-path PATH to do it");
  }

  /** Takes back; throws if it could not be done, and then nothing is changed. */
  public RollbackReport rollback(ContextDir dir, Call call) {
    try (RunnerLock _ = RunnerLock.take(bench.layout().disk(), dir)) {
      RunContext context = RunContext.open(dir, bench.clock(), event -> {});
      State before = context.state();
      Rollback.Request request = request(dir, call);
      requireSomething(dir, request);
      bench.audit().get().requireVouched();
      context.enter(State.Working.ROLLING_BACK);
      try {
        return ended(context, rollback.rollback(request));
      } catch (RunnerException e) {
        boolean incomplete = e.code() == FailureCode.ROLLBACK_INCOMPLETE;
        context.end(
            incomplete || !(before instanceof Ending ending)
                ? Ending.Failed.ROLLBACK_INCOMPLETE
                : ending,
            e.code().exitCode(),
            e.help());
        throw e;
      }
    }
  }

  /** A path that is as it was before already needs no transaction that does nothing. */
  private void requireSomething(ContextDir dir, Rollback.Request request) {
    if (request.only().isEmpty()) {
      return; // the whole may be taken back by hand, and be on record as taken back
    }
    List<Rollback.Step> steps = rollback.preview(request);
    if (steps.stream().allMatch(step -> step.action().equals("leave"))) {
      RunnerException.Builder error =
          RunnerException.of(
              FailureCode.NOT_FOUND,
              dir.id() + " has nothing to roll back at " + request.only().get());
      steps.stream().limit(MOST_NAMED).forEach(s -> error.note(s.path() + ": " + s.note()));
      throw error
          .note("nothing was changed")
          .help("see what stands with `tarscli execute rollback --context-id " + dir.id() + "`");
    }
  }

  private RollbackReport ended(RunContext context, PromotionOutcome outcome) {
    return switch (outcome) {
      case PromotionOutcome.Committed committed -> {
        context.committed(committed.id(), Results.Transaction.Kind.ROLLBACK);
        Rollback.Standing standing = rollback.howMuch(context.id().text());
        context.end(
            switch (standing) {
              case ALL -> Ending.Done.PROMOTED;
              case PART -> Ending.Done.PARTLY_ROLLED_BACK;
              case NOTHING -> Ending.Done.ROLLED_BACK;
            },
            0,
            "take the rollback back with `tarscli execute rollback --context-id "
                + context.id()
                + " --transaction-id "
                + committed.id()
                + "`");
        yield new RollbackReport(
            context.id(),
            Optional.of(committed.id()),
            Stream.concat(
                    committed.done().stream(), committed.lateEdits().stream().map(l -> "kept " + l))
                .map(Rollbacks::line)
                .toList(),
            context.record().progress().next().full());
      }
      case PromotionOutcome.Stale stale -> {
        RunnerException.Builder error =
            RunnerException.of(FailureCode.DRIFT, "files were edited since they were promoted");
        stale.conflicts().forEach(c -> error.note(c.line()));
        throw error.note("nothing was changed").help("use --force to save the edits and roll back");
      }
      case PromotionOutcome.Conflicted conflicted -> throw Refusals.inDoubt(conflicted);
      case PromotionOutcome.Failed failed -> throw failed.cause();
    };
  }

  private static RollbackReport.Line line(String line) {
    int space = line.indexOf(' ');
    return new RollbackReport.Line(line.substring(0, space), line.substring(space + 1), "");
  }

  private Rollback.Request request(ContextDir dir, Call call) {
    Set<String> ids = Set.copyOf(call.transactions());
    if (ids.isEmpty()) {
      ids =
          rollback.standing(dir.id().text()).stream()
              .filter(t -> t.kind() == Journal.Kind.PROMOTE)
              .map(t -> t.id().text())
              .collect(Collectors.toSet());
    } else {
      requireKnown(dir, ids);
    }
    if (ids.isEmpty()) {
      RunContext context = RunContext.open(dir, bench.clock(), event -> {});
      if (!PatchFile.file(context).isEmpty()) {
        throw RunnerException.of(FailureCode.NOT_FOUND, dir.id() + " has nothing to roll back")
            .note("it was promoted as a patch, " + Escape.line(PatchFile.file(context)))
            .note("tarscli did not apply it, and does not know whether somebody did")
            .help("if somebody did: `" + PatchFile.howToApply(context) + " --reverse`");
      }
      throw RunnerException.of(FailureCode.NOT_FOUND, dir.id() + " has nothing to roll back")
          .note("nothing was changed")
          .help("see its transactions with `tarscli execute status --context-id " + dir.id() + "`");
    }
    Rollback.Request all =
        new Rollback.Request(
            dir.id().text(),
            ids,
            Optional.empty(),
            call.force(),
            call.lockWait(),
            Promotions.GRACE);
    return call.path().isEmpty()
        ? all
        : new Rollback.Request(
            all.context(),
            ids,
            Optional.of(path(call.path().get(), all)),
            call.force(),
            call.lockWait(),
            Promotions.GRACE);
  }

  /** At least one must be the context's; the others came later, and stand on the same paths. */
  private void requireKnown(ContextDir dir, Set<String> ids) {
    List<Journal.Transaction> all = rollback.since(dir.id().text());
    Set<String> unknown = new java.util.TreeSet<>(ids);
    all.forEach(t -> unknown.remove(t.id().text()));
    boolean ours =
        all.stream()
            .anyMatch(t -> ids.contains(t.id().text()) && t.context().equals(dir.id().text()));
    if (!unknown.isEmpty() || !ours) {
      throw RunnerException.of(
              FailureCode.NOT_FOUND,
              dir.id()
                  + " has no transaction "
                  + Escape.line(String.join(", ", unknown.isEmpty() ? ids : unknown)))
          .note("nothing was changed")
          .help("see its transactions with `tarscli execute status --context-id " + dir.id() + "`");
    }
  }

  /** As a person writes it: from the root of the workspace, or absolute, or as it is shown. */
  private RelativePath path(String text, Rollback.Request all) {
    String root = bench.workspaceDir().root() + "/";
    String below = text.startsWith(root) ? text.substring(root.length()) : text;
    String plain = below;
    while (plain.startsWith("./")) {
      plain = plain.substring(2).replaceFirst("^/+", "");
    }
    plain = plain.replaceFirst("/+$", "");
    String wanted = plain;
    Optional<RelativePath> shown =
        rollback.preview(all).stream()
            .map(Rollback.Step::path)
            .filter(p -> p.toString().equals(wanted))
            .findFirst();
    if (shown.isPresent()) {
      return shown.get();
    }
    try {
      return RelativePath.of(wanted);
    } catch (IllegalArgumentException e) {
      throw RunnerException.of(FailureCode.USAGE, String.valueOf(e.getMessage()))
          .cause(e)
          .help("write the path from the workspace's root");
    }
  }
}
