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
    node.put("at", facts.at().toString());
    node.put("error", facts.error());
    node.put("next", facts.next());
    ObjectNode named = node.putObject("facts");
    facts.named().forEach(named::put);
    ObjectNode size = node.putObject("size");
    size.put("files", report.size().files());
    size.put("linesAdded", report.size().linesAdded());
    size.put("linesRemoved", report.size().linesRemoved());
    ArrayNode changes = node.putArray("changes");
    report
        .changes()
        .forEach(change ->
            changes
                .addObject()
                .put("path", change.path().toString())
                .put("operation", HtmlReport.operation(change)));
    report.verdict().ifPresent(verdict -> node.set("verdict", VerdictJson.write(verdict)));
    ObjectNode tests = node.putObject("tests");
    report.tests().forEach((gate, inventory) -> tests.set(gate, InventoryJson.write(inventory)));
    ObjectNode isolation = node.putObject("isolation");
    report.isolation().forEach(isolation::put);
    report.missing().forEach(node.putArray("missing")::add);
    return node;
  }
}
