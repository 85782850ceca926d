package dev.tars.runner.report;

import dev.tars.runner.model.Finding;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.workspace.Change;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** One page without scripts, links or anything from elsewhere, which its own policy enforces. */
public final class HtmlReport {
  private static final int MOST_CHANGES = 2000;
  private static final int LONGEST_PATCH = 1 << 20;

  private static final String STYLE =
      """
      body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#1c1f23;background:#fff}
      h1{font-size:1.5em}h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #d5d9de}
      table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25em .6em;border-bottom:1px solid #e7eaee;overflow-wrap:anywhere}
      pre{background:#f6f7f9;padding:.8em;overflow:auto;font-size:13px}
      .passed,.allow{color:#116329}.failed,.reject{color:#a40e26}.unknown,.unverified,.flaky,.review{color:#7d4e00}.skipped,.info{color:#57606a}
      .badge{font-weight:700;text-transform:uppercase}.add{color:#116329}.del{color:#a40e26}.hunk{color:#0550ae}
      @media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}th,td,h2{border-color:#30363d}.passed,.allow,.add{color:#3fb950}.failed,.reject,.del{color:#ff7b72}.unknown,.unverified,.flaky,.review{color:#d29922}.skipped,.info{color:#8b949e}.hunk{color:#79c0ff}}
      """;

  private HtmlReport() {}

  public static String write(RunReport report) {
    Html page = new Html();
    RunReport.Facts facts = report.facts();
    page.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .raw("style-src 'sha256-" + hash(STYLE) + "'; base-uri 'none'; form-action 'none'\">\n")
        .raw("<meta name=\"referrer\" content=\"no-referrer\">\n")
        .element("title", "", facts.contextId() + " " + facts.improvementId())
        .raw("\n<style>" + STYLE + "</style></head><body>\n");
    head(page, report);
    report.verdict().ifPresent(verdict -> verdict(page, verdict));
    changes(page, report);
    isolation(page, report);
    patch(page, report.patch());
    return page.raw("</body></html>\n").toString();
  }

  private static void head(Html page, RunReport report) {
    RunReport.Facts facts = report.facts();
    page.element("h1", "", facts.improvementId() + ": " + facts.title()).raw("<p>");
    report
        .verdict()
        .ifPresent(v -> page.element("span", "badge " + lower(v.result()), lower(v.result())));
    page.text(" " + facts.contextId() + " is " + facts.state() + " (exit " + facts.exitCode() + ")")
        .raw("</p>\n");
    if (!facts.error().isEmpty()) {
      page.element("pre", "failed", facts.error());
    }
    if (!facts.next().isEmpty()) {
      page.element("p", "", "Next: " + facts.next());
    }
    page.raw("<table>\n")
        .row("Workspace", facts.workspace())
        .row("Finished", facts.at().toString());
    facts.named().forEach((name, value) -> page.row(name, value));
    page.raw("</table>\n");
  }

  private static void verdict(Html page, Verdict verdict) {
    page.element("h2", "", "Gates").raw("<table>\n");
    page.header("Gate", "Result", "Seconds", "Tests", "Reason");
    for (GateResult gate : verdict.gates()) {
      page.raw("<tr>").element("td", "", gate.id());
      page.element("td", lower(gate.result()), lower(gate.result()));
      page.element("td", "", "%.1f".formatted(gate.elapsed().toMillis() / 1000.0));
      page.element("td", "", gate.tests().map(HtmlReport::counts).orElse(""));
      page.element("td", "", gate.reason()).raw("</tr>\n");
    }
    page.raw("</table>\n");
    for (GateResult gate : verdict.gates()) {
      details(page, gate);
      gate.tests().ifPresent(tests -> tests(page, gate.id(), tests));
      if (!gate.passed() && !gate.tail().isEmpty()) {
        page.element("h3", "", "Last output of " + gate.id()).element("pre", "", gate.tail());
      }
    }
    page.element("h2", "", "Findings (" + verdict.findings().size() + ")").raw("<table>\n");
    page.header("Severity", "Rule", "Where", "What");
    for (Finding f : verdict.findings()) {
      page.raw("<tr>").element("td", lower(f.severity()), lower(f.severity()));
      page.element("td", "", f.rule());
      page.element("td", "", f.line() > 0 ? f.path() + ":" + f.line() : f.path());
      page.element("td", "", f.message()).raw("</tr>\n");
    }
    page.raw("</table>\n");
  }

  private static void details(Html page, GateResult gate) {
    if (!gate.details().tests().isEmpty()) {
      page.element("h3", "", "Red tests of " + gate.id() + ", as reported").raw("<table>\n");
      page.header("What", "Test", "Where", "Message");
      for (FailedTest test : gate.details().tests()) {
        page.row(test.kind().words(), test.name(), test.where(), test.message());
      }
      page.raw("</table>\n");
    }
    if (!gate.details().printed().isEmpty()) {
      page.element("h3", "", "Problems of " + gate.id() + ", as printed").raw("<table>\n");
      page.header("Where", "Message");
      gate.details().printed().forEach(p -> page.row(p.place().toString(), p.message()));
      page.raw("</table>\n");
    }
  }

  private static void tests(Html page, String gate, TestDelta tests) {
    list(page, gate + ": broken", tests.broken());
    list(page, gate + ": new failures", tests.of(TestDelta.Kind.NEW_FAILURES));
    list(page, gate + ": unstable", tests.of(TestDelta.Kind.UNSTABLE));
    list(page, gate + ": fail otherwise", tests.of(TestDelta.Kind.FAILS_OTHERWISE));
    list(page, gate + ": vanished", tests.vanished());
    list(page, gate + ": newly skipped", tests.newlySkipped());
    list(page, gate + ": still failing", tests.stillFailing());
    list(page, gate + ": fixed", tests.fixed());
    list(page, gate + ": added", tests.added());
  }

  private static void list(Html page, String title, List<String> names) {
    if (names.isEmpty()) {
      return;
    }
    page.raw("<details><summary>").text(title + " (" + names.size() + ")").raw("</summary><ul>\n");
    names.stream().limit(MOST_CHANGES).forEach(name -> page.element("li", "", name));
    page.raw("</ul></details>\n");
  }

  static String counts(TestDelta tests) {
    return tests.run()
        + " run, "
        + tests.failed()
        + " failed, "
        + tests.skipped()
        + " skipped, "
        + tests.fixed().size()
        + " fixed, "
        + tests.broken().size()
        + " broken, "
        + tests.vanished().size()
        + " vanished";
  }

  private static void changes(Html page, RunReport report) {
    RunReport.Size size = report.size();
    String title =
        "Changes (%d files, +%d −%d lines)"
            .formatted(size.files(), size.linesAdded(), size.linesRemoved());
    page.element("h2", "", title).raw("<table>\n");
    report.changes().stream()
        .limit(MOST_CHANGES)
        .forEach(c -> page.row(operation(c), c.path().toString()));
    page.raw("</table>\n");
    if (report.changes().size() > MOST_CHANGES) {
      page.element("p", "", (report.changes().size() - MOST_CHANGES) + " more are not listed");
    }
  }

  static String operation(Change change) {
    return lower(change.operation());
  }

  private static void isolation(Html page, RunReport report) {
    page.element("h2", "", "Isolation in force").raw("<table>\n");
    report.isolation().forEach((name, value) -> page.row(name, value));
    report.missing().forEach(sentence -> page.row("missing", sentence));
    page.raw("</table>\n");
  }

  private static void patch(Html page, String patch) {
    if (patch.isEmpty()) {
      return;
    }
    boolean cut = patch.length() > LONGEST_PATCH;
    page.element("h2", "", "Patch" + (cut ? " (the beginning)" : "")).raw("<pre>");
    (cut ? patch.substring(0, LONGEST_PATCH) : patch)
        .lines()
        .forEach(line -> page.element("span", kind(line), line).raw("\n"));
    page.raw("</pre>\n");
  }

  private static String kind(String line) {
    return switch (line.isEmpty() ? ' ' : line.charAt(0)) {
      case '+' -> "add";
      case '-' -> "del";
      case '@' -> "hunk";
      default -> "";
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String hash(String text) {
    byte[] digest =
        dev.tars.runner.model.Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(digest);
  }
}
