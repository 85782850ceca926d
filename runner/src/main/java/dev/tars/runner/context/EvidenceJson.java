package dev.tars.runner.context;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.plan.Step;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.VerdictJson;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/** The part of {@code tars.context/v1} that is in {@link Evidence}. */
final class EvidenceJson {
  private EvidenceJson() {}

  static void write(Evidence evidence, ObjectNode node) {
    evidence.image().ifPresent(image -> node.put("imageDigest", image));
    evidence.base().ifPresent(base -> node.put("baseDigest", base.toString()));
    evidence.layer().ifPresent(layer -> node.put("layer", layer));
    if (!evidence.steps().isEmpty() || evidence.changes().isPresent()) {
      node.set("steps", steps(evidence.steps()));
    }
    evidence
        .changes()
        .ifPresent(changes ->
            node.putObject("changeSet")
                .put("digest", changes.digest().toString())
                .put("files", changes.files())
                .put("linesAdded", changes.linesAdded())
                .put("linesRemoved", changes.linesRemoved()));
    evidence
        .verdict()
        .ifPresent(v -> node.set("verdict", verdict(v.verdict(), v.isolation(), v.missing())));
  }

  static ArrayNode steps(List<Evidence.StepRecord> steps) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Evidence.StepRecord step : steps) {
      ObjectNode node = all.addObject().put("id", step.id());
      node.put("result", State.word(step.result())).put("millis", step.elapsed().toMillis());
      step.exitCode().ifPresent(code -> node.put("exitCode", code));
      if (!step.reason().isEmpty()) {
        node.put("reason", step.reason());
      }
    }
    return all;
  }

  static Evidence read(JsonFields fields) {
    boolean changed = fields.has("changeSet");
    return new Evidence(
        fields.maybeText("imageDigest"),
        fields.maybe("baseDigest", fields::digest),
        fields.maybeText("layer"),
        changed || fields.has("steps")
            ? fields.list("steps", EvidenceJson::step)
            : List.<Evidence.StepRecord>of(),
        fields.maybe("changeSet", f -> changes(fields.object(f))),
        fields.maybe("verdict", f -> verdict(fields.object(f))));
  }

  private static Evidence.StepRecord step(JsonFields step) {
    OptionalInt exit = OptionalInt.empty();
    if (step.has("exitCode")) {
      exit = OptionalInt.of(step.count("exitCode"));
    }
    return new Evidence.StepRecord(
        step.text("id"),
        step.word("result", Step.Result.class),
        Duration.ofMillis(step.number("millis")),
        exit,
        step.maybeText("reason").orElse(""));
  }

  private static Evidence.ChangeSummary changes(JsonFields changes) {
    return new Evidence.ChangeSummary(
        changes.digest("digest"),
        changes.count("files"),
        changes.count("linesAdded"),
        changes.count("linesRemoved"));
  }

  static ObjectNode verdict(
      Verdict verdict, SortedMap<String, String> isolation, List<String> missing) {
    ObjectNode node = VerdictJson.write(verdict);
    ObjectNode walls = node.putObject("isolation");
    ObjectNode facts = walls.putObject("facts");
    isolation.forEach(facts::put);
    missing.forEach(walls.putArray("missing")::add);
    return node;
  }

  static JudgedVerdict verdict(JsonFields fields) {
    JsonFields walls = fields.object("isolation");
    JsonFields facts = walls.object("facts");
    SortedMap<String, String> isolation = new TreeMap<>();
    facts.node().fieldNames().forEachRemaining(name -> isolation.put(name, facts.text(name)));
    try {
      return new JudgedVerdict(
          VerdictJson.read(fields.node()),
          isolation,
          walls.texts("missing"),
          CanonicalJson.digest(fields.node()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("its verdict is none of ours: " + e.getMessage(), e);
    }
  }
}
