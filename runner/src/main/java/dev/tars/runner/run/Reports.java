package dev.tars.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.report.HtmlReport;
import dev.tars.runner.report.JUnitReport;
import dev.tars.runner.report.JsonReport;
import dev.tars.runner.report.MarkdownReport;
import dev.tars.runner.report.RunReport;
import dev.tars.runner.report.SarifReport;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.store.StoreLayout;
import dev.tars.runner.validation.GateEvidence;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictJson;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.Change;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the evidence of a context and hands it to a writer. */
final class Reports {
  private static final int MAX_PATCH = 2 << 20;

  private final Contexts contexts;

  Reports(Contexts contexts, StoreLayout layout) {
    this.contexts = contexts;
  }

  String write(ContextDir dir, String type) {
    RunReport report = collect(dir);
    return switch (type) {
      case "html" -> HtmlReport.write(report);
      case "markdown" -> MarkdownReport.write(report);
      case "json" -> JsonReport.write(report).toPrettyString() + "\n";
      case "junit" -> JUnitReport.write(report);
      case "sarif" -> SarifReport.write(report).toPrettyString() + "\n";
      default ->
          throw new RunnerException(
              FailureCode.USAGE, "unknown report type", "use html, markdown, json, junit or sarif");
    };
  }

  private RunReport collect(ContextDir dir) {
    ObjectNode document = contexts.document(dir.id().text());
    Optional<Verdict> verdict = verdict(dir);
    List<Change> changes =
        dir.has("changeset.json") || document.has("changeSet")
            ? contexts.changeSet(dir).changes()
            : List.of();
    JsonNode size = document.path("changeSet");
    return new RunReport(
        facts(document),
        new RunReport.Size(
            size.path("files").asInt(),
            size.path("linesAdded").asInt(),
            size.path("linesRemoved").asInt()),
        changes,
        verdict,
        tests(dir, verdict),
        new TreeMap<>(),
        List.of(),
        changes.isEmpty() ? "" : patch(dir));
  }

  private static RunReport.Facts facts(ObjectNode document) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String digest : List.of("baseDigest", "policyDigest", "imageDigest", "planDigest")) {
      named.put(digest, document.path(digest).asText());
    }
    named.put("changeSet", document.path("changeSet").path("digest").asText());
    return new RunReport.Facts(
        document.path("contextId").asText(),
        document.path("improvementId").asText(),
        document.path("title").asText(),
        document.path("workspace").asText(),
        document.path("state").asText(),
        document.path("exitCode").asInt(),
        Instant.parse(document.path("createdAt").asText(Instant.EPOCH.toString())),
        document.path("failure").path("what").asText(""),
        document.path("next").asText(""),
        named);
  }

  private Optional<Verdict> verdict(ContextDir dir) {
    Telling telling = contexts.telling(dir);
    return contexts.verdict(dir).map(kept -> VerdictJson.read(telling.tell(kept)));
  }

  private static SortedMap<String, TestInventory> tests(ContextDir dir, Optional<Verdict> verdict) {
    SortedMap<String, TestInventory> tests = new TreeMap<>();
    GateEvidence evidence = new GateEvidence(dir);
    for (GateResult gate : verdict.map(Verdict::gates).orElse(List.of())) {
      evidence.tests(gate.id(), "after").ifPresent(t -> tests.put(gate.id(), t));
    }
    return tests;
  }

  private String patch(ContextDir dir) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    contexts.diff(dir.id().text(), out);
    byte[] bytes = out.toByteArray();
    return new String(bytes, 0, Math.min(bytes.length, MAX_PATCH), StandardCharsets.UTF_8);
  }
}
