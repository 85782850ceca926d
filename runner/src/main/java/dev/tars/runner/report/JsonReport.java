package dev.tars.runner.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.validation.VerdictJson;
import dev.tars.runner.validation.tests.InventoryJson;

/** {@code tars.report/v1}: see {@code docs/formats/verdict.md}. */
public final class JsonReport {
  private JsonReport() {}

  public static ObjectNode write(RunReport report) {
    RunReport.Facts facts = report.facts();
    ObjectNode node = CanonicalJson.object();
    node.put("schema", "tars.report/v1");
    node.put("contextId", facts.contextId());
    node.put("improvementId", facts.improvementId());
    node.put("title", facts.title());
    node.put("workspace", facts.workspace());
    node.put("state", facts.state());
    node.put("exitCode", facts.exitCode());
    RunHistory history = report.history();
    node.put("ranBy", history.ranBy());
    node.put("begunAt", history.begun().toString());
    history.ended().ifPresent(end -> node.put("endedAt", end.toString()));
    node.put("headline", Headline.of(report));
    node.put("error", facts.error());
    node.put("next", facts.next());
    ObjectNode named = node.putObject("facts");
    facts.named().forEach(named::put);
    ObjectNode size = node.putObject("size");
    size.put("files", report.size().files());
    size.put("linesAdded", report.size().linesAdded());
    size.put("linesRemoved", report.size().linesRemoved());
    ArrayNode changes = node.putArray("changes");
    for (FileDiff file : report.files()) {
      ObjectNode change = changes.addObject();
      change.put("path", file.path()).put("operation", file.operation());
      if (file.lines().text()) {
        change.put("linesAdded", file.lines().added()).put("linesRemoved", file.lines().removed());
      }
    }
    history(node, history);
    report.verdict().ifPresent(verdict -> node.set("verdict", VerdictJson.write(verdict)));
    ObjectNode tests = node.putObject("tests");
    report.tests().forEach((gate, inventory) -> tests.set(gate, InventoryJson.write(inventory)));
    ObjectNode isolation = node.putObject("isolation");
    report.isolation().forEach(isolation::put);
    report.missing().forEach(node.putArray("missing")::add);
    return node;
  }

  private static void history(ObjectNode node, RunHistory history) {
    ArrayNode steps = node.putArray("steps");
    for (RunHistory.Step step : history.steps()) {
      ObjectNode one = steps.addObject().put("id", step.id()).put("result", step.result());
      one.put("millis", step.elapsed().toMillis()).put("reason", step.reason());
    }
    history.waitsFor().forEach(node.putArray("waitsFor")::add);
    ArrayNode answers = node.putArray("answers");
    for (RunHistory.Answer answer : history.answers()) {
      ObjectNode one = answers.addObject().put("who", answer.who());
      one.put("at", answer.at().toString()).put("said", answer.said());
      one.put("comment", answer.comment());
      answer.overrides().forEach(one.putArray("overrides")::add);
    }
    ArrayNode moves = node.putArray("transactions");
    for (RunHistory.Moved moved : history.transactions()) {
      moves.addObject().put("id", moved.id()).put("kind", moved.kind()).put("state", moved.state());
    }
  }
}
