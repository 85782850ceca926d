package dev.tars.runner.report;

import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Escape;
import dev.tars.runner.model.Finding;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import java.util.List;
import java.util.Locale;

/** A summary for a pull request: what is decided, by what, and what to look at. */
public final class MarkdownReport {
  private static final int MOST_ROWS = 200;
  private static final int MOST_OUTPUT = 30;

  private final StringBuilder out = new StringBuilder();

  private MarkdownReport() {}

  public static String write(RunReport report) {
    MarkdownReport writer = new MarkdownReport();
    writer.document(report);
    return writer.out.toString();
  }

  private void document(RunReport report) {
    RunReport.Facts facts = report.facts();
    line("# " + safe(facts.improvementId()) + ": " + safe(facts.title()));
    line("");
    String verdict = report.verdict().map(v -> lower(v.result())).orElse("none");
    line(
        "**Verdict: %s** · %s is %s (exit %d)"
            .formatted(verdict, safe(facts.contextId()), safe(facts.state()), facts.exitCode()));
    line("");
    line("> " + safe(Headline.of(report).replace('\n', ' ')));
    line("");
    report.history().waitsFor().forEach(who -> line("Waits for " + safe(who) + "."));
    table("Fact", "Value");
    row("Workspace", facts.workspace());
    row("Run by", report.history().ranBy());
    row("Begun", report.history().begun().toString());
    report.history().ended().ifPresent(end -> row("Ended", end.toString()));
    facts.named().forEach(this::row);
    report.verdict().ifPresent(this::verdict);
    heading(
        "Changes (%s, +%d −%d lines)"
            .formatted(
                Counted.of(report.size().files(), "file"),
                report.size().linesAdded(),
                report.size().linesRemoved()));
    table("Operation", "Path", "+", "−");
    report.files().stream()
        .limit(MOST_ROWS)
        .forEach(f ->
            row(
                f.operation(),
                f.path(),
                String.valueOf(f.lines().added()),
                String.valueOf(f.lines().removed())));
    more(report.files().size());
    history(report.history());
    heading("Isolation in force");
    table("Fact", "Value");
    report.isolation().forEach(this::row);
    report.missing().forEach(sentence -> row("missing", sentence));
    if (!facts.next().isEmpty()) {
      line("");
      line("Next: " + safe(facts.next()));
    }
  }

  private void verdict(Verdict verdict) {
    heading("Gates");
    table("Gate", "Result", "Tests", "Reason");
    for (GateResult gate : verdict.gates()) {
      row(
          gate.id(),
          lower(gate.result()),
          gate.tests().map(HtmlReport::counts).orElse(""),
          gate.said());
    }
    verdict.gates().stream().filter(gate -> !gate.details().isEmpty()).forEach(this::details);
    heading("Findings (" + verdict.findings().size() + ")");
    table("Severity", "Rule", "Where", "What");
    for (Finding f : verdict.findings().stream().limit(MOST_ROWS).toList()) {
      row(
          lower(f.severity()),
          f.rule(),
          f.line() > 0 ? f.path() + ":" + f.line() : f.path(),
          f.message());
    }
    more(verdict.findings().size());
    for (GateResult gate : verdict.gates()) {
      if (!gate.passed() && !gate.tail().isEmpty()) {
        heading("Last output of " + safe(gate.id()));
        List<String> tail = gate.tail().lines().toList();
        line("<pre>");
        tail.subList(Math.max(0, tail.size() - MOST_OUTPUT), tail.size())
            .forEach(line -> line(inPre(line)));
        line("</pre>");
      }
    }
  }

  /** Nothing is cut without a word. */
  private void more(int all) {
    if (all > MOST_ROWS) {
      line("");
      line((all - MOST_ROWS) + " more are not listed here; the report as JSON has all of them.");
    }
  }

  private void history(RunHistory history) {
    if (!history.steps().isEmpty()) {
      heading("Steps");
      table("Step", "Result", "Seconds", "Reason");
      history.steps().stream()
          .limit(MOST_ROWS)
          .forEach(s ->
              row(
                  s.id(),
                  s.result(),
                  String.format(Locale.ROOT, "%.1f", s.elapsed().toMillis() / 1000.0),
                  s.reason()));
      more(history.steps().size());
    }
    if (!history.answers().isEmpty()) {
      heading("Decisions of people");
      table("Who", "When", "Said", "Comment");
      history.answers().forEach(a -> row(a.who(), a.at().toString(), a.said(), a.comment()));
    }
    if (!history.transactions().isEmpty()) {
      heading("Transactions");
      table("Transaction", "Kind", "State");
      history.transactions().forEach(t -> row(t.id(), t.kind(), t.state()));
    }
  }

  private void details(GateResult gate) {
    if (!gate.details().tests().isEmpty()) {
      heading("Red tests of " + safe(gate.id()) + ", as reported");
      table("What", "Test", "Where", "Message");
      for (FailedTest test : gate.details().tests()) {
        row(test.kind().words(), test.name(), test.where(), test.message());
      }
    }
    if (!gate.details().printed().isEmpty()) {
      heading("Problems of " + safe(gate.id()) + ", as printed");
      table("Where", "Message");
      gate.details().printed().forEach(p -> row(p.place().toString(), p.message()));
    }
  }

  private void heading(String title) {
    line("");
    line("## " + title);
    line("");
  }

  private void table(String... names) {
    line("| " + String.join(" | ", names) + " |");
    line("|" + "---|".repeat(names.length));
  }

  private void row(String... cells) {
    StringBuilder row = new StringBuilder("|");
    for (String cell : cells) {
      row.append(' ').append(safe(cell)).append(" |");
    }
    line(row.toString());
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  /**
   * A line within {@code <pre>}, which keeps blanks: what could be markup is a code point there.
   */
  private static String inPre(String text) {
    StringBuilder safe = new StringBuilder();
    Escape.line(text)
        .chars()
        .forEach(c -> {
          if ("&<>@[]!:".indexOf(c) >= 0) {
            safe.append("&#").append(c).append(';');
          } else {
            safe.append((char) c);
          }
        });
    return safe.toString();
  }

  /** One line in which nothing is markup: no link, image, HTML, mention or table border. */
  private static String safe(String text) {
    StringBuilder safe = new StringBuilder();
    Escape.line(text.replace('\n', ' '))
        .chars()
        .forEach(c -> {
          switch (c) {
            case '&' -> safe.append("&amp;");
            case '<' -> safe.append("&lt;");
            case '>' -> safe.append("&gt;");
            case '@' -> safe.append("&#64;");
            case '\\', '`', '*', '_', '[', ']', '(', ')', '!', '|', '#', '~' ->
                safe.append('\\').append((char) c);
            default -> safe.append((char) c);
          }
        });
    // A bare address would become a link.
    return safe.toString().replace("://", ":&#47;&#47;").replace("www.", "www&#46;");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
