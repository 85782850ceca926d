package dev.tars.runner.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;

/** SARIF 2.1.0: each finding, and each gate that did not pass, is a result. */
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
    ids.forEach(id -> rules.addObject().put("id", id));
    ArrayNode results = run.putArray("results");
    gates.forEach(gate -> gate(results.addObject(), gate));
    findings.forEach(finding -> finding(results.addObject(), finding));
    run.putObject("properties").put("contextId", report.facts().contextId());
    return document;
  }

  private static void gate(ObjectNode result, GateResult gate) {
    result.put("ruleId", "gate." + gate.id()).put("level", "error");
    result.putObject("message").put("text", gate.reason());
  }

  private static void finding(ObjectNode result, Finding finding) {
    result.put("ruleId", finding.rule()).put("level", level(finding.severity()));
    result.putObject("message").put("text", finding.message());
    if (finding.path().isEmpty()) {
      return;
    }
    ObjectNode physical = result.putArray("locations").addObject().putObject("physicalLocation");
    physical.putObject("artifactLocation").put("uri", uri(finding.path()));
    if (finding.line() > 0) {
      physical.putObject("region").put("startLine", finding.line());
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
