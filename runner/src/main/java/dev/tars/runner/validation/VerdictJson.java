package dev.tars.runner.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.Digest;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.model.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A verdict as JSON: see {@code docs/formats/verdict.md}. */
public final class VerdictJson {
  private static final String SCHEMA = "tars.verdict/v1";

  private VerdictJson() {}

  public static ObjectNode write(Verdict verdict) {
    ObjectNode node = CanonicalJson.object();
    node.put("schema", SCHEMA);
    node.put("result", lower(verdict.result()));
    node.put("changeSet", verdict.changeSet().toString());
    ArrayNode gates = node.putArray("gates");
    verdict.gates().forEach(gate -> gates.add(gate(gate)));
    ArrayNode findings = node.putArray("findings");
    verdict.findings().forEach(finding -> findings.add(finding(finding)));
    verdict.asks().forEach(node.putArray("asks")::add);
    return node;
  }

  private static ObjectNode gate(GateResult gate) {
    ObjectNode node = CanonicalJson.object();
    node.put("id", gate.id());
    node.put("result", lower(gate.result()));
    gate.code().ifPresent(code -> node.put("code", code.id()));
    node.put("millis", gate.elapsed().toMillis());
    gate.tests().ifPresent(tests -> node.set("tests", tests(tests)));
    gate.told().into(node, "reason");
    node.put("tail", gate.tail());
    GateDetailsJson.write(gate.details(), node);
    ControlJson.write(gate.control(), node);
    return node;
  }

  private static ObjectNode tests(TestDelta tests) {
    ObjectNode node = CanonicalJson.object();
    node.put("run", tests.run());
    node.put("passed", tests.counts().passed());
    node.put("failed", tests.failed());
    node.put("skipped", tests.skipped());
    ObjectNode names = CanonicalJson.object();
    for (TestDelta.Kind kind : TestDelta.Kind.values()) {
      list(node, names, kind.id(), tests.of(kind));
    }
    node.set("names", names);
    return node;
  }

  private static void list(ObjectNode counts, ObjectNode names, String key, List<String> tests) {
    counts.put(key, tests.size());
    tests.forEach(names.putArray(key)::add);
  }

  private static ObjectNode finding(Finding finding) {
    ObjectNode node = CanonicalJson.object();
    node.put("rule", finding.rule());
    node.put("severity", lower(finding.severity()));
    node.put("path", finding.path());
    node.put("line", finding.line());
    finding.told().into(node, "message");
    return node;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Verdict read(JsonNode node) {
    if (!node.path("schema").asText().equals(SCHEMA)) {
      throw new IllegalArgumentException("not a " + SCHEMA);
    }
    List<GateResult> gates = new ArrayList<>();
    node.required("gates").forEach(gate -> gates.add(readGate(gate)));
    List<Finding> findings = new ArrayList<>();
    node.required("findings").forEach(finding -> findings.add(readFinding(finding)));
    return new Verdict(
        Verdict.Result.valueOf(upper(node.required("result"))),
        Digest.parse(node.required("changeSet").asText()),
        gates,
        findings,
        texts(node.required("asks")));
  }

  private static GateResult readGate(JsonNode node) {
    return new GateResult(
        node.required("id").asText(),
        GateResult.Result.valueOf(upper(node.required("result"))),
        Arrays.stream(FailureCode.values())
            .filter(code -> code.id().equals(node.path("code").asText()))
            .findFirst(),
        Duration.ofMillis(node.required("millis").asLong()),
        node.has("tests") ? Optional.of(readTests(node.required("tests"))) : Optional.empty(),
        node.required("reason").asText(),
        node.required("tail").asText(),
        Told.of(node, "reason").brief(),
        GateDetailsJson.read(node),
        ControlJson.read(node));
  }

  private static TestDelta readTests(JsonNode node) {
    JsonNode names = node.required("names");
    EnumMap<TestDelta.Kind, List<String>> lists = new EnumMap<>(TestDelta.Kind.class);
    for (TestDelta.Kind kind : TestDelta.Kind.values()) {
      lists.put(kind, texts(names.path(kind.id())));
    }
    int failed = node.required("failed").asInt();
    return new TestDelta(
        new TestDelta.Counts(
            node.required("run").asInt() - failed, failed, node.required("skipped").asInt()),
        lists);
  }

  private static Finding readFinding(JsonNode node) {
    return new Finding(
        node.required("rule").asText(),
        Severity.valueOf(upper(node.required("severity"))),
        node.required("path").asText(),
        node.required("line").asInt(),
        node.required("message").asText(),
        Told.of(node, "message").brief());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(JsonNode text) {
    return text.asText().toUpperCase(Locale.ROOT);
  }
}
