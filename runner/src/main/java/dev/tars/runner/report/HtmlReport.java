package dev.tars.runner.report;

import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One page without scripts, links or anything from elsewhere, which its own policy enforces. First
 * what came out and why, then what decides next, then what changed, then the evidence.
 */
public final class HtmlReport {
  private static final String STYLE = style();
  private static final int MOST_NAMES = 2_000;

  private final Html page = new Html();
  private final RunReport report;
  private final List<Finding> findings;
  private final List<GateResult> gates;

  private HtmlReport(RunReport report) {
    this.report = report;
    this.findings = report.verdict().map(Verdict::findings).orElse(List.of());
    this.gates = report.verdict().map(Verdict::gates).orElse(List.of());
  }

  public static String write(RunReport report) {
    return new HtmlReport(report).whole();
  }

  private String whole() {
    RunReport.Facts facts = report.facts();
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .raw("style-src 'sha256-" + hash(STYLE) + "'; base-uri 'none'; form-action 'none'\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .raw("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .element("title", "", facts.contextId() + " " + facts.improvementId())
        .raw("\n<style>" + STYLE + "</style></head><body><main>\n");
    head();
    HtmlFiles files = new HtmlFiles(page, findings);
    page.element("h2", "", size());
    wide(() -> files.table(report.files()));
    failures();
    findings();
    pictures();
    gates();
    people();
    evidence();
    if (!report.files().isEmpty()) {
      page.element("h2", "", "The change, file by file");
      files.sections(report.files());
    }
    return page.raw("</main></body></html>\n").toString();
  }

  private void head() {
    RunReport.Facts facts = report.facts();
    String result = report.verdict().map(v -> lower(v.result())).orElse("none");
    String title = facts.title().isEmpty() ? facts.improvementId() : facts.title();
    page.element("h1", "", title);
    page.element(
        "p",
        "dim",
        "%s · %s · %s".formatted(facts.contextId(), facts.improvementId(), facts.workspace()));
    page.raw("<div class=\"verdict is-" + result + "\"><p>")
        .element("span", "badge " + result, result)
        .text(facts.contextId() + " is " + facts.state() + " (exit " + facts.exitCode() + ")")
        .raw("</p>\n");
    String headline = Headline.of(report);
    page.element("p", "", headline);
    if (!facts.error().isEmpty() && !facts.error().equals(headline)) {
      page.element("p", "dim", facts.error());
    }
    report.history().waitsFor().forEach(who -> page.element("p", "review", "Waits for " + who));
    if (!facts.next().isEmpty()) {
      page.raw("<p>").element("b", "", "Next: ").text(facts.next()).raw("</p>\n");
    }
    page.raw("</div>\n");
  }

  private String size() {
    RunReport.Size size = report.size();
    return "Changes (%s, +%d −%d lines)"
        .formatted(Counted.of(size.files(), "file"), size.linesAdded(), size.linesRemoved());
  }

  private void failures() {
    for (GateResult gate : gates) {
      List<FailedTest> tests = gate.details().tests();
      if (!tests.isEmpty()) {
        page.element("h2", "", "Red tests of " + gate.id() + ", as reported");
        wide(() -> {
          page.raw("<table>\n").header("What", "Test", "Where", "Message");
          for (FailedTest test : tests) {
            page.row(test.kind().words(), test.name(), test.where(), test.message());
          }
          page.raw("</table>\n");
        });
      }
      if (!gate.details().printed().isEmpty()) {
        page.element("h2", "", "Problems of " + gate.id() + ", as printed");
        wide(() -> {
          page.raw("<table>\n").header("Where", "Message");
          gate.details().printed().forEach(p -> page.row(p.place().toString(), p.message()));
          page.raw("</table>\n");
        });
      }
      if (!gate.passed() && !gate.tail().isEmpty()) {
        page.raw("<details open><summary>").text("Last output of " + gate.id()).raw("</summary>");
        page.raw("<pre tabindex=\"0\">").text(gate.tail()).raw("</pre></details>\n");
      }
    }
  }

  private void findings() {
    if (findings.isEmpty()) {
      return;
    }
    page.element("h2", "", "Findings (" + findings.size() + ")");
    wide(() -> {
      page.raw("<table>\n").header("Severity", "Rule", "Where", "What");
      findings.stream()
          .sorted(Comparator.comparing(Finding::severity, Comparator.<Severity>reverseOrder()))
          .forEach(this::finding);
      page.raw("</table>\n");
    });
  }

  private void finding(Finding finding) {
    page.raw("<tr>").element("td", lower(finding.severity()), lower(finding.severity()));
    page.element("td", "", finding.rule()).element("td", "", Headline.place(finding));
    page.element("td", "", finding.message()).raw("</tr>\n");
  }

  private void pictures() {
    page.element("h2", "", "What ran");
    RunHistory history = report.history();
    page.element(
        "p",
        "",
        "Run by %s, begun %s, %s"
            .formatted(
                history.ranBy(),
                history.begun(),
                history
                    .ended()
                    .map(end -> "ended " + end + " (" + seconds(history) + ")")
                    .orElse("still going on")));
    HtmlPictures pictures = new HtmlPictures(page);
    pictures.timeline(report);
    pictures.tests(report);
  }

  private static String seconds(RunHistory history) {
    return "%.1f s".formatted(history.duration().orElseThrow().toMillis() / 1000.0);
  }

  private void gates() {
    if (!report.history().steps().isEmpty()) {
      page.element("h2", "", "Steps");
      wide(() -> {
        page.raw("<table>\n").header("Step", "Result", "Seconds", "Reason");
        for (RunHistory.Step step : report.history().steps()) {
          page.raw("<tr>").element("td", "", step.id()).element("td", "", step.result());
          page.element("td", "n", "%.1f".formatted(step.elapsed().toMillis() / 1000.0));
          page.element("td", "", step.reason()).raw("</tr>\n");
        }
        page.raw("</table>\n");
      });
    }
    if (gates.isEmpty()) {
      return;
    }
    page.element("h2", "", "Gates");
    wide(() -> {
      page.raw("<table>\n").header("Gate", "Result", "Seconds", "Tests", "Reason");
      for (GateResult gate : gates) {
        page.raw("<tr>").element("td", "", gate.id());
        page.element("td", lower(gate.result()), lower(gate.result()));
        page.element("td", "n", "%.1f".formatted(gate.elapsed().toMillis() / 1000.0));
        page.element("td", "", gate.tests().map(HtmlReport::counts).orElse(""));
        page.element("td", "", gate.said()).raw("</tr>\n");
      }
      page.raw("</table>\n");
    });
    gates.forEach(gate -> gate.tests().ifPresent(tests -> names(gate.id(), tests)));
  }

  private void names(String gate, TestDelta tests) {
    for (TestDelta.Kind kind : TestDelta.Kind.values()) {
      List<String> names = tests.of(kind);
      if (!names.isEmpty()) {
        page.raw("<details><summary>");
        page.text(gate + ": " + words(kind) + " (" + names.size() + ")").raw("</summary><ul>\n");
        names.stream().limit(MOST_NAMES).forEach(name -> page.element("li", "", name));
        if (names.size() > MOST_NAMES) {
          page.element("li", "review", (names.size() - MOST_NAMES) + " more are in report.json");
        }
        page.raw("</ul></details>\n");
      }
    }
  }

  private static String words(TestDelta.Kind kind) {
    return switch (kind) {
      case NEWLY_SKIPPED -> "newly skipped";
      case WOKEN -> "no longer skipped";
      case FIXED, ADDED, VANISHED -> kind.id();
      default -> kind.words();
    };
  }

  private void people() {
    RunHistory history = report.history();
    if (!history.answers().isEmpty()) {
      page.element("h2", "", "Decisions of people");
      wide(() -> {
        page.raw("<table>\n").header("Who", "When", "Said", "Comment", "Overrides");
        for (RunHistory.Answer answer : history.answers()) {
          page.row(
              answer.who(),
              answer.at().toString(),
              answer.said(),
              answer.comment(),
              String.join(", ", answer.overrides()));
        }
        page.raw("</table>\n");
      });
    }
    if (!history.transactions().isEmpty()) {
      page.element("h2", "", "Transactions");
      wide(() -> {
        page.raw("<table>\n").header("Transaction", "Kind", "State");
        history.transactions().forEach(t -> page.row(t.id(), t.kind(), t.state()));
        page.raw("</table>\n");
      });
    }
  }

  private void evidence() {
    page.element("h2", "", "Isolation in force");
    if (report.isolation().isEmpty()) {
      page.element("p", "dim", "Nothing ran in a box that was judged.");
    }
    report.missing().forEach(sentence -> page.element("p", "review", "Missing: " + sentence));
    page.raw("<details><summary>").text("What stood between boxes and host").raw("</summary>");
    wide(() -> {
      page.raw("<table>\n").header("Wall", "In force");
      report.isolation().forEach((name, value) -> page.row(name, value));
      page.raw("</table>\n");
    });
    page.raw("</details>\n<details><summary>Digests</summary>");
    wide(() -> {
      page.raw("<table>\n").header("Of", "Digest");
      report.facts().named().forEach((name, value) -> page.row(name, value));
      page.raw("</table>\n");
    });
    page.raw("</details>\n");
  }

  /** What is wider than the window scrolls by itself, also with the keyboard. */
  private void wide(Runnable content) {
    page.raw("<div class=\"wide\" tabindex=\"0\">");
    content.run();
    page.raw("</div>\n");
  }

  static String counts(TestDelta tests) {
    StringBuilder text = new StringBuilder();
    text.append(tests.run()).append(" run, ").append(tests.failed()).append(" failed, ");
    text.append(tests.skipped()).append(" skipped");
    for (TestDelta.Kind kind :
        List.of(TestDelta.Kind.FIXED, TestDelta.Kind.BROKEN, TestDelta.Kind.VANISHED)) {
      int count = tests.of(kind).size();
      text.append(count == 0 ? "" : ", " + count + " " + kind.id());
    }
    return text.toString();
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String style() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("page.css")) {
      if (css == null) {
        throw new IllegalStateException("page.css is missing");
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String hash(String text) {
    byte[] digest = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }
}
