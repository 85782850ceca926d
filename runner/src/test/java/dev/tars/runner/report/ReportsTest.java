package dev.tars.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.TreeEntry;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateDetails;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.control.Control;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import dev.tars.runner.validation.diagnostics.Place;
import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import dev.tars.runner.workspace.Change;
import dev.tars.runner.workspace.ChangeStats;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ReportsTest {
  private static final String ATTACK =
      "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&\u202e\u0007![x](https://evil.test) @all | `a`";

  @Test
  void aPageHoldsNoMarkupFromOutside() {
    String page = HtmlReport.write(report());
    assertThat(page)
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script", "<img", "\u202e", "\u0007")
        .contains("&lt;U+202E&gt;");
    // Every tag is one of ours: nothing from outside opened or closed one.
    assertThat(
            page.replaceAll(
                    "</?(?:!doctype html|html|head|meta|title|style|body|main|h1|h2|h3|p|b|i|a|ins|del|div|svg|text|rect|span|table|tr|td|th|pre|details|summary|ul|li)(?: open|(?: (?:lang|charset|http-equiv|content|name|class|id|tabindex|role|aria-label|aria-hidden|viewBox|x|y|width|height)=\"[^\"<>]*\")| href=\"#f[0-9]+\")*/?>",
                    "")
                .replaceAll("(?s)<style>.*?</style>", ""))
        .doesNotContain("<");
  }

  @Test
  void aPageSaysFirstWhyAndWhereThenWhoAndWhat() {
    String page = HtmlReport.write(report());
    assertThat(page)
        .containsSubsequence(
            "failed",
            "src/&lt;b&gt;.java:12",
            "Waits for",
            "Next: ",
            "Changes (1 file",
            "Red tests of unit",
            "Findings (1)",
            "90.0 s",
            "rejected",
            "TX-1",
            "seccomp",
            "The change, file by file",
            "7 lines of this file are not shown here");
    assertThat(page).contains("<svg ", "aria-label=\"Tests of unit: before 0 passed");
  }

  @Test
  void aPageNamesNothingElsewhereAndForbidsIt() throws Exception {
    String page = HtmlReport.write(report());
    assertThat(page.replaceAll("href=\"#f[0-9]+\"", ""))
        .doesNotContain("src=\"", "href=", "url(", "@import");
    String style = page.replaceFirst("(?s).*<style>(.*?)</style>.*", "$1");
    String hash =
        java.util.Base64.getEncoder()
            .encodeToString(
                java.security.MessageDigest.getInstance("SHA-256")
                    .digest(style.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    assertThat(page)
        .contains("content=\"default-src 'none'; style-src 'sha256-" + hash + "'; base-uri 'none'");
  }

  @Test
  void markdownHoldsNoLinkImageMentionOrHtmlFromOutside() {
    String text = MarkdownReport.write(report());
    assertThat(text)
        .doesNotContain("<script", "![", "](", "://", "@all", "\u202e")
        .contains("**Verdict: failed**");
    // A pipe in a cell would add a column.
    assertThat(text.lines().filter(l -> l.contains("handoff")))
        .allSatisfy(l -> assertThat(l.replace("\\|", "").chars().filter(c -> c == '|')).hasSize(5));
  }

  @Test
  void sarifHasAResultForEachFindingAndEachRedGate() {
    JsonNode run = SarifReport.write(report()).get("runs").get(0);
    assertThat(run.get("results")).hasSize(4);
    JsonNode finding = run.get("results").get(3);
    assertThat(finding.get("ruleId").asText()).isEqualTo("handoff.ci");
    assertThat(finding.get("level").asText()).isEqualTo("error");
    JsonNode where = finding.at("/locations/0/physicalLocation");
    assertThat(where.at("/artifactLocation/uri").asText()).isEqualTo("a%20b/%3Cx%3E");
    assertThat(where.at("/region/startLine").asInt()).isEqualTo(7);
    assertThat(run.at("/tool/driver/rules")).hasSize(3);
  }

  @Test
  void sarifHasTheTestsThatTheChangeIsToBlameForAtTheirPlaceAndNotThoseRedBefore() {
    JsonNode results = SarifReport.write(report()).at("/runs/0/results");
    assertThat(results.get(1).at("/locations/0/physicalLocation/artifactLocation/uri").asText())
        .isEqualTo("src/%3Cb%3E.java");
    assertThat(results.get(1).at("/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(12);
    assertThat(results.get(2).at("/locations/0/physicalLocation/region/startLine").asInt())
        .isEqualTo(4);
    assertThat(results.toString()).doesNotContain("T#old");
  }

  @Test
  void everyDocumentNamesRedTestsWithMessageAndPlaceAndTellsThoseRedBeforeApart() throws Exception {
    assertThat(HtmlReport.write(report()))
        .contains("<td>passed before, fails now</td>", "<td>src/&lt;b&gt;.java:12:3</td>")
        .contains("<td>red before too</td><td>T#old</td><td></td><td>as ever</td>")
        .contains("as printed", "<td>src/C.java:4</td>");
    assertThat(MarkdownReport.write(report()))
        .contains("| passed before, fails now |", "src/&lt;b&gt;.java:12:3")
        .contains("| red before too | T\\#old |  | as ever |", "| src/C.java:4 |");
    JsonNode gate = JsonReport.write(report()).at("/verdict/gates/0");
    assertThat(gate.at("/failures/0/line").asInt()).isEqualTo(12);
    assertThat(gate.at("/failures/1/kind").asText()).isEqualTo("stillFailing");
    assertThat(gate.at("/printed/0/path").asText()).isEqualTo("src/C.java");
  }

  @Test
  void junitXmlIsWellFormedAndHoldsEveryTest() throws Exception {
    String xml = JUnitReport.write(report());
    Element root =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)))
            .getDocumentElement();
    NodeList cases = root.getElementsByTagName("testcase");
    assertThat(cases.getLength()).isEqualTo(5);
    assertThat(root.getElementsByTagName("failure").getLength()).isEqualTo(3);
    assertThat(xml).contains("classname=\"T\" name=\"&lt;script&gt;");
    assertThat(xml)
        .contains("<failure message=\"expected 1 but was 2\">at T.b(T.java:3)&lt;U+202E&gt;")
        .contains("Problems, as printed:\nsrc/C.java:4: ");
  }

  @Test
  void jsonHoldsTheVerdictAndTheTests() {
    ObjectNode json = JsonReport.write(report());
    assertThat(json.at("/isolation/seccomp").asText()).isEqualTo("strict");
    assertThat(json.at("/answers/0/said").asText()).isEqualTo("rejected");
    assertThat(json.at("/transactions/0/id").asText()).isEqualTo("TX-1");
    assertThat(json.at("/endedAt").asText()).isEqualTo("1970-01-01T00:01:30Z");
    assertThat(json.get("schema").asText()).isEqualTo("tars.report/v1");
    assertThat(json.at("/verdict/result").asText()).isEqualTo("failed");
    assertThat(json.at("/verdict/gates/0/tests/broken").asInt()).isEqualTo(1);
    assertThat(json.at("/tests/unit/tests/T#b").asText()).isEqualTo("failed");
    assertThat(json.at("/changes/0/operation").asText()).isEqualTo("create");
  }

  @Test
  void aRunWithoutAVerdictHasReportsToo() {
    RunReport full = report();
    RunReport early =
        new RunReport(
            full.facts(),
            full.size(),
            List.of(),
            Optional.empty(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            List.of(),
            full.history());
    assertThat(HtmlReport.write(early)).contains("CTX-3");
    assertThat(MarkdownReport.write(early)).contains("Verdict: none");
    assertThat(SarifReport.write(early).at("/runs/0/results")).isEmpty();
    assertThat(JUnitReport.write(early)).contains("tests=\"0\"");
    assertThat(JsonReport.write(early).has("verdict")).isFalse();
  }

  private static RunReport report() {
    TestDelta delta =
        new TestDelta(
            new TestDelta.Counts(1, 1, 0), Map.of(TestDelta.Kind.BROKEN, List.of(ATTACK)));
    GateResult gate =
        new GateResult(
            "unit",
            GateResult.Result.FAILED,
            Optional.of(FailureCode.GATE_FAILED),
            Duration.ofMillis(1500),
            Optional.of(delta),
            ATTACK,
            ATTACK + "\nline",
            ATTACK,
            new GateDetails(
                List.of(
                    new FailedTest(
                        ATTACK,
                        TestDelta.Kind.BROKEN,
                        ATTACK,
                        Optional.of(new Place("src/<b>.java", 12, 3, true))),
                    new FailedTest(
                        "T#old", TestDelta.Kind.STILL_FAILING, "as ever", Optional.empty())),
                List.of(new Diagnostic(new Place("src/C.java", 4, 0, false), ATTACK))),
            Control.NONE);
    Finding finding = new Finding("handoff.ci", Severity.REJECT, "a b/<x>", 7, ATTACK);
    Change change =
        new Change(
            RelativePath.of("a<b>&.txt"),
            Optional.empty(),
            Optional.of(new TreeEntry.RegularFile(0644, Digest.of(new byte[0]), 0)));
    TestInventory tests =
        new TestInventory(
            1,
            new TreeMap<>(
                Map.of(
                    "T#" + ATTACK,
                    TestStatus.PASSED,
                    "T#b",
                    TestStatus.FAILED,
                    "T#c",
                    TestStatus.SKIPPED)),
            new TreeSet<>(),
            new TreeMap<>(
                Map.of(
                    "T#b", new TestFailure("expected 1 but was 2", "\tat T.b(T.java:3)\u202e"))));
    return new RunReport(
        new RunReport.Facts(
            "CTX-3",
            "IMP-1",
            ATTACK,
            "/home/" + ATTACK,
            "failed",
            10,
            ATTACK,
            ATTACK,
            Map.of("Image", ATTACK)),
        new RunReport.Size(1, 2, 3),
        List.of(
            new FileDiff(
                change,
                new ChangeStats.Lines(true, 1, 1),
                "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+" + ATTACK + "\n",
                7)),
        Optional.of(
            new Verdict(
                Verdict.Result.FAILED,
                Digest.of(new byte[0]),
                List.of(gate),
                List.of(finding),
                List.of())),
        new TreeMap<>(),
        new TreeMap<>(Map.of("unit", tests)),
        new TreeMap<>(Map.of("seccomp", "strict")),
        List.of(ATTACK),
        new RunHistory(
            ATTACK,
            Instant.EPOCH,
            Optional.of(Instant.EPOCH.plusSeconds(90)),
            List.of(new RunHistory.Step(ATTACK, "passed", Duration.ofSeconds(2), ATTACK)),
            List.of(ATTACK),
            List.of(new RunHistory.Answer(ATTACK, Instant.EPOCH, "rejected", ATTACK, List.of())),
            List.of(new RunHistory.Moved("TX-1", "promote", "committed"))));
  }
}
