package dev.tars.runner.export;

import dev.tars.runner.context.ContextFiles;
import dev.tars.runner.context.ContextRecord;
import dev.tars.runner.context.Contexts;
import dev.tars.runner.context.Ending;
import dev.tars.runner.context.Evidence;
import dev.tars.runner.context.JudgedVerdict;
import dev.tars.runner.context.Origin;
import dev.tars.runner.context.Results;
import dev.tars.runner.context.State;
import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.report.FileDiff;
import dev.tars.runner.report.HtmlReport;
import dev.tars.runner.report.JUnitReport;
import dev.tars.runner.report.JsonReport;
import dev.tars.runner.report.MarkdownReport;
import dev.tars.runner.report.RunHistory;
import dev.tars.runner.report.RunReport;
import dev.tars.runner.report.SarifReport;
import dev.tars.runner.store.ContextDir;
import dev.tars.runner.validation.GateEvidence;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.workspace.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Collects the evidence of a context and hands it to a writer. */
public final class Reports {
  /** Of one file, and of all together, so that a page stays below about 5 MB. */
  private static final int MAX_PATCH = 512 << 10;

  private static final int MAX_PATCHES = 2 << 20;

  private final Contexts contexts;
  private final Function<ContextId, List<RunHistory.Answer>> answers;

  /**
   * @param answers what people said of a context, from the audit log
   */
  public Reports(Contexts contexts, Function<ContextId, List<RunHistory.Answer>> answers) {
    this.contexts = contexts;
    this.answers = answers;
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
    Optional<JudgedVerdict> judged = contexts.verdict(dir);
    Optional<Verdict> verdict = judged.map(JudgedVerdict::verdict);
    Optional<Evidence.ChangeSummary> summary = record.evidence().changes();
    boolean changed = dir.has(ContextFiles.CHANGE_SET) || summary.isPresent();
    return new RunReport(
        facts(record),
        summary
            .map(s -> new RunReport.Size(s.files(), s.linesAdded(), s.linesRemoved()))
            .orElse(new RunReport.Size(0, 0, 0)),
        changed ? files(dir) : List.of(),
        verdict,
        tests(dir, verdict, "before"),
        tests(dir, verdict, "after"),
        judged.map(JudgedVerdict::isolation).orElse(Collections.emptySortedMap()),
        judged.map(JudgedVerdict::missing).orElse(List.of()),
        history(record));
  }

  private List<FileDiff> files(ContextDir dir) {
    String id = dir.id().text();
    int left = MAX_PATCHES;
    List<FileDiff> files = new ArrayList<>();
    for (Change change : contexts.changeSet(dir).changes()) {
      BoundedText patch = new BoundedText(Math.min(MAX_PATCH, Math.max(0, left)));
      contexts.diff(id, List.of(change.path()), patch);
      left -= patch.size();
      files.add(new FileDiff(change, contexts.lines(change), patch.text(), patch.hiddenLines()));
    }
    return files;
  }

  private RunHistory history(ContextRecord record) {
    Results results = record.results();
    return new RunHistory(
        record.origin().place().user(),
        record.origin().createdAt(),
        record.progress().endedAt(),
        record.evidence().steps().stream()
            .map(s -> new RunHistory.Step(s.id(), State.word(s.result()), s.elapsed(), s.reason()))
            .toList(),
        record.state() instanceof Ending.Waiting
            ? results.approvals().map(Reports::waitsFor).orElse(List.of())
            : List.of(),
        answers.apply(record.id()),
        results.transactions().stream()
            .map(t ->
                new RunHistory.Moved(t.id().text(), State.word(t.kind()), State.word(t.state())))
            .toList());
  }

  private static List<String> waitsFor(Results.ApprovalsNeeded needed) {
    return needed.rules().stream()
        .filter(rule -> rule.missing() > 0)
        .map(rule ->
            Counted.of(rule.missing(), "approval")
                + " from "
                + (rule.from().isEmpty() ? "anybody" : String.join(", ", rule.from()))
                + (rule.id().isEmpty() ? "" : " (" + rule.id() + ")"))
        .toList();
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
        record.results().failure().map(Results.Failure::what).orElse(""),
        record.progress().next().full(),
        named);
  }

  private static SortedMap<String, TestInventory> tests(
      ContextDir dir, Optional<Verdict> verdict, String phase) {
    SortedMap<String, TestInventory> tests = new TreeMap<>();
    GateEvidence evidence = new GateEvidence(dir);
    for (GateResult gate : verdict.map(Verdict::gates).orElse(List.of())) {
      evidence.tests(gate.id(), phase).ifPresent(t -> tests.put(gate.id(), t));
    }
    return tests;
  }
}
