package dev.tars.runner.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/**
 * SARIF 2.1.0: each finding, each gate that did not pass, each test that it fails for and each
 * problem that it printed is a result.
 */
public final class SarifReport {
  private SarifReport() {}

  public static ObjectNode write(RunReport report) {
    List<Finding> findings = report.verdict().map(Verdict::findings).orElse(List.of());
    List<GateResult> gates =
        report.verdict().map(Verdict::gates).orElse(List.of()).stream()
            .filter(gate -> gate.code().isPresent())
            .toList();
    ObjectNode document = CanonicalJson.object();
    document.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    document.put("version", "2.1.0");
    ObjectNode run = document.putArray("runs").addObject();
    ObjectNode driver = run.putObject("tool").putObject("driver");
    driver.put("name", "tarscli");
    ArrayNode rules = driver.putArray("rules");
    TreeSet<String> ids = new TreeSet<>();
    findings.forEach(finding -> ids.add(finding.rule()));
    gates.forEach(gate -> ids.add("gate." + gate.id()));
    gates.stream().filter(gate -> !gate.details().isEmpty()).forEach(gate -> ids.add(detail(gate)));
    ids.forEach(id -> rules.addObject().put("id", id));
    ArrayNode results = run.putArray("results");
    for (GateResult gate : gates) {
      gate(results.addObject(), gate);
      details(results, gate);
    }
    findings.forEach(finding -> finding(results.addObject(), finding));
    run.putObject("properties").put("contextId", report.facts().contextId());
    return document;
  }

  private static void gate(ObjectNode result, GateResult gate) {
    result.put("ruleId", "gate." + gate.id()).put("level", "error");
    result.putObject("message").put("text", gate.reason());
  }

  private static String detail(GateResult gate) {
    return "gate." + gate.id() + ".as-printed";
  }

  private static void details(ArrayNode results, GateResult gate) {
    for (FailedTest test : gate.details().tests()) {
      if (!test.redBefore()) {
        String message = test.message().isEmpty() ? "" : ": " + test.message();
        ObjectNode result =
            detail(results, gate, test.name() + " " + test.kind().words() + message);
        test.place().ifPresent(place -> location(result, place.path(), place.line()));
      }
    }
    for (Diagnostic problem : gate.details().printed()) {
      ObjectNode result = detail(results, gate, problem.message());
      location(result, problem.place().path(), problem.place().line());
    }
  }

  private static ObjectNode detail(ArrayNode results, GateResult gate, String message) {
    ObjectNode result = results.addObject();
    result.put("ruleId", detail(gate)).put("level", "error");
    result.putObject("message").put("text", message);
    return result;
  }

  private static void finding(ObjectNode result, Finding finding) {
    result.put("ruleId", finding.rule()).put("level", level(finding.severity()));
    result.putObject("message").put("text", finding.message());
    if (!finding.path().isEmpty()) {
      location(result, finding.path(), finding.line());
    }
  }

  private static void location(ObjectNode result, String path, int line) {
    ObjectNode physical = result.putArray("locations").addObject().putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", uri(path));
    if (line > 0) {
      physical.putObject("region").put("startLine", line);
    }
  }

  private static String level(Severity severity) {
    return switch (severity) {
      case INFO -> "note";
      case REVIEW -> "warning";
      case REJECT -> "error";
    };
  }

  /** A relative URI reference: everything but unreserved characters and slashes is encoded. */
  private static String uri(String path) {
    StringBuilder out = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      boolean plain =
          (b >= 'a' && b <= 'z')
              || (b >= 'A' && b <= 'Z')
              || (b >= '0' && b <= '9')
              || "-._~/".indexOf(b) >= 0;
      out.append(plain ? String.valueOf((char) b) : "%%%02X".formatted(b & 0xff));
    }
    return out.toString();
  }
}
