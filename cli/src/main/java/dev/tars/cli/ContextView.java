package dev.tars.cli;

import dev.tars.runner.RunResult;
import dev.tars.runner.context.ContextCodec;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.State;
import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.validation.Verdict;
import java.io.PrintStream;
import java.util.List;

/** A context for people, or as its document. */
final class ContextView {
  private static final int BRIEF_DIGEST = 19;

  private final Cli cli;
  private final Paint paint;

  ContextView(Cli cli) {
    this.cli = cli;
    this.paint = cli.paint();
  }

  /** The context, then the error if there is one; returns the exit status. */
  int show(RunResult result) {
    if (result.error().isPresent() && !cli.global().json()) {
      show(result.context(), cli.out()); // the error says what to do next
    } else {
      show(result.context());
    }
    cli.flush();
    result.error().ifPresent(cli::error);
    return result.exitCode();
  }

  void show(ContextRecord context) {
    if (cli.global().json()) {
      cli.json(ContextCodec.print(context));
      return;
    }
    show(context, cli.out());
    failure(context);
    next(context);
  }

  /** Why it did not come to what was asked for. */
  private void failure(ContextRecord context) {
    if (context.state() instanceof Ending.Failed) {
      context
          .results()
          .failure()
          .ifPresent(
              f -> cli.out().println("  " + paint.bad("because") + ": " + Escape.line(f.what())));
    }
  }

  /** What a person can do now, as the last line. */
  void next(ContextRecord context) {
    String next = context.progress().next().full();
    if (!next.isEmpty()) {
      cli.out().println("  " + paint.strong("next") + ": " + Escape.line(next));
    }
  }

  /** The context for people, without what to do next. */
  void show(ContextRecord context, PrintStream out) {
    out.printf(
        "%s  %s  %s%n",
        paint.strong(context.id().text()),
        Escape.line(context.origin().improvement().id()),
        paint.state(context.state()));
    context.origin().imported().ifPresent(from -> imported(from, out));
    context.evidence().changes().ifPresent(changes -> change(changes, out));
    context.evidence().verdict().ifPresent(judged -> verdict(judged.verdict(), out));
    Results results = context.results();
    if (!(context.state() instanceof Ending.Failed)) {
      results.approvals().ifPresent(approvals -> approvals(approvals, out));
    }
    for (Results.Transaction one : results.transactions()) {
      out.printf(
          "  transaction %s: %s, %s%n", one.id(), State.word(one.kind()), State.word(one.state()));
    }
    results.patch().ifPresent(patch -> patch(patch, out));
  }

  private static void imported(Origin.Imported from, PrintStream out) {
    out.printf(
        "  imported: %s of key %s, run there by %s; %s%n",
        from.context(),
        Escape.line(from.key()),
        Escape.line(from.ranBy()),
        from.gatesTaken() ? "gates taken on trust" : "gates run again here");
  }

  private static void patch(Results.PatchRecord patch, PrintStream out) {
    out.printf("  patch: %s, %s%n", Escape.line(patch.file()), brief(patch.sha256()));
    patch
        .missing()
        .forEach(path -> out.println("    a patch does not say all of " + Escape.line(path)));
  }

  private void change(Evidence.ChangeSummary change, PrintStream out) {
    out.printf(
        "  change: %s, %s %s lines, %s%n",
        Counted.of(change.files(), "file"),
        paint.good("+" + change.linesAdded()),
        paint.bad("−" + change.linesRemoved()),
        paint.dim(brief(change.digest())));
  }

  private void verdict(Verdict verdict, PrintStream out) {
    out.println("  verdict: " + paint.result(State.word(verdict.result())));
    verdict.gates().forEach(gate -> out.println(GateView.text(gate, paint)));
    for (Finding finding : verdict.findings()) {
      out.printf(
          "    %s %s%s: %s%n",
          paint.severity(finding.severity()),
          Escape.line(finding.rule()),
          paint.place(place(finding)),
          Escape.line(finding.message()));
    }
  }

  private static String place(Finding finding) {
    String line = finding.line() > 0 ? ":" + finding.line() : "";
    return finding.path().isEmpty() ? "" : " " + Escape.line(finding.path()) + line;
  }

  private static void approvals(Results.ApprovalsNeeded approvals, PrintStream out) {
    if (approvals.needed() > 0) {
      out.printf("  approvals: %d of %d%n", approvals.given(), approvals.needed());
      approvals.rules().forEach(rule -> rule(rule, out));
      approvals
          .reasons()
          .forEach(reason -> out.println("    because " + Escape.line(reason.full())));
    }
  }

  private static void rule(Results.ApprovalRule rule, PrintStream out) {
    out.printf(
        "    %s: %d from %s; given: %s; %s%n",
        rule.id().isEmpty() ? "anybody's approval" : Escape.line(rule.id()),
        rule.count(),
        names(rule.from(), "anybody"),
        names(rule.given(), "nobody"),
        rule.missing() == 0 ? "met" : rule.missing() + " missing");
  }

  private static String names(List<String> names, String none) {
    return names.isEmpty() ? none : Escape.line(String.join(", ", names));
  }

  private static String brief(Digest digest) {
    return digest.toString().substring(0, BRIEF_DIGEST);
  }
}
