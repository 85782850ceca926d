package dev.tars.runner.validation.tests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** An inventory as JSON: see {@code docs/formats/verdict.md}. */
public final class InventoryJson {
  private InventoryJson() {}

  public static ObjectNode write(TestInventory inventory) {
    ObjectNode node = CanonicalJson.object();
    node.put("files", inventory.files());
    ObjectNode tests = node.putObject("tests");
    inventory.tests().forEach((name, s) -> tests.put(name, s.name().toLowerCase(Locale.ROOT)));
    inventory.flaky().forEach(node.putArray("flaky")::add);
    if (!inventory.failures().isEmpty()) {
      ObjectNode failures = node.putObject("failures");
      inventory
          .failures()
          .forEach((name, failure) ->
              failures
                  .putObject(name)
                  .put("message", failure.message())
                  .put("text", failure.text()));
    }
    return node;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static TestInventory read(JsonNode node) {
    if (!node.required("files").isInt()
        || !node.required("tests").isObject()
        || !node.required("flaky").isArray()) {
      throw new IllegalArgumentException("not an inventory of tests");
    }
    TreeMap<String, TestStatus> tests = new TreeMap<>();
    node.required("tests")
        .properties()
        .forEach(e ->
            tests.put(
                e.getKey(), TestStatus.valueOf(e.getValue().asText().toUpperCase(Locale.ROOT))));
    TreeSet<String> flaky = new TreeSet<>();
    node.required("flaky").forEach(name -> flaky.add(name.asText()));
    TreeMap<String, TestFailure> failures = new TreeMap<>();
    node.path("failures")
        .properties()
        .forEach(e ->
            failures.put(
                e.getKey(),
                new TestFailure(
                    e.getValue().path("message").asText(), e.getValue().path("text").asText())));
    return new TestInventory(node.required("files").asInt(), tests, flaky, failures);
  }
}
