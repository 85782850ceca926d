package dev.tars.runner.export;

import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.report.HtmlReport;
import dev.tars.runner.report.JUnitReport;
import dev.tars.runner.report.JsonReport;
import dev.tars.runner.report.MarkdownReport;
import dev.tars.runner.report.RunReport;
import dev.tars.runner.report.SarifReport;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.GateEvidence;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.Change;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects the evidence of a context and hands it to a writer. */
public final class Reports {
  private static final int MAX_PATCH = 2 << 20;

  private final Contexts contexts;

  public Reports(Contexts contexts) {
    this.contexts = contexts;
  }

  /** A report of a context: html, markdown, json, junit or sarif. */
  public String write(String id, String type) {
    RunReport report = collect(contexts.dir(id));
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
    ContextRecord record = contexts.record(dir);
    Optional<Verdict> verdict = contexts.verdict(dir).map(JudgedVerdict::verdict);
    Optional<Evidence.ChangeSummary> summary = record.evidence().changes();
    List<Change> changes =
        dir.has(ContextFiles.CHANGE_SET) || summary.isPresent()
            ? contexts.changeSet(dir).changes()
            : List.of();
    return new RunReport(
        facts(record),
        summary
            .map(s -> new RunReport.Size(s.files(), s.linesAdded(), s.linesRemoved()))
            .orElse(new RunReport.Size(0, 0, 0)),
        changes,
        verdict,
        tests(dir, verdict),
        new TreeMap<>(),
        List.of(),
        changes.isEmpty() ? "" : patch(dir));
  }

  private static RunReport.Facts facts(ContextRecord record) {
    Origin origin = record.origin();
    Evidence evidence = record.evidence();
    Map<String, String> named = new LinkedHashMap<>();
    named.put("baseDigest", evidence.base().map(Digest::toString).orElse(""));
    named.put("policyDigest", origin.policy().digest().toString());
    named.put("imageDigest", evidence.image().orElse(""));
    named.put("planDigest", origin.improvement().plan().toString());
    named.put("changeSet", evidence.changes().map(c -> c.digest().toString()).orElse(""));
    return new RunReport.Facts(
        record.id().text(),
        origin.improvement().id(),
        origin.improvement().title(),
        origin.place().workspace(),
        record.state().id(),
        record.exitCode(),
        origin.createdAt(),
        record.results().failure().map(Results.Failure::what).orElse(""),
        record.progress().next().full(),
        named);
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
