package dev.tars.runner.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import dev.tars.runner.validation.diagnostics.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The fields {@code failures} and {@code printed} of a gate; each is absent if it is empty. */
final class GateDetailsJson {
  private static final String FAILURES = "failures";
  private static final String PRINTED = "printed";

  private GateDetailsJson() {}

  static void write(GateDetails details, ObjectNode gate) {
    for (FailedTest test : details.tests()) {
      ObjectNode node = gate.withArray("/" + FAILURES).addObject();
      node.put("test", test.name()).put("kind", test.kind().id()).put("message", test.message());
      test.place().ifPresent(place -> place(place, node));
    }
    for (Diagnostic problem : details.printed()) {
      ObjectNode node = gate.withArray("/" + PRINTED).addObject();
      place(problem.place(), node);
      node.put("message", problem.message());
    }
  }

  private static void place(Place place, ObjectNode node) {
    node.put("path", place.path()).put("line", place.line()).put("column", place.column());
    node.put("changed", place.changed());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static GateDetails read(JsonNode gate) {
    List<FailedTest> tests = new ArrayList<>();
    for (JsonNode node : gate.path(FAILURES)) {
      tests.add(
          new FailedTest(
              node.required("test").asText(),
              TestDelta.Kind.of(node.required("kind").asText()),
              node.required("message").asText(),
              node.has("path") ? Optional.of(place(node)) : Optional.empty()));
    }
    List<Diagnostic> printed = new ArrayList<>();
    for (JsonNode node : gate.path(PRINTED)) {
      printed.add(new Diagnostic(place(node), node.required("message").asText()));
    }
    return new GateDetails(tests, printed);
  }

  private static Place place(JsonNode node) {
    return new Place(
        node.required("path").asText(),
        node.required("line").asInt(),
        node.required("column").asInt(),
        node.required("changed").asBoolean());
  }
}
