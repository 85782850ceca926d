package dev.tars.runner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.RunnerException;
import dev.tars.runner.policy.JsonSchemas;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published schema against the reader: each key that one knows, the other knows. */
class ImprovementSchemaTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROBE = "zqzqzqzqzqzqzqzqzqzq";
  private static final String SHA = "a".repeat(64);

  private static final String BESIDE = "{\"file\":\"a\",\"sha256\":\"" + SHA + "\"}";

  private static final String TOP =
      """
      {"apiVersion":"tars.dev/improvement/v1","kind":"Improvement",
       "metadata":{"id":"X","author":{"kind":"agent"}},"base":{"tree":"%s"},
       "permissions":{"resources":{"memory":"1GiB"}},"defaults":{"timeout":"1m"},
       "steps":[%s]}
      """;

  private static String step(String type, String action, String more) {
    return "{\"id\":\"s\",\"type\":\"" + type + "\",\"action\":" + action + more + "}";
  }

  private static String rules(String... rules) {
    return ",\"validation\":[" + String.join(",", rules) + "]";
  }

  private static Stream<String> steps() {
    String edits =
        Stream.of(
                "{\"replace\":{\"find\":\"a\",\"with\":\"b\"}}",
                "{\"insert\":{\"before\":\"a\",\"text\":\"b\"}}",
                "{\"contentFrom\":" + BESIDE + "}",
                "{\"patchFrom\":" + BESIDE + "}",
                "{\"binary\":{\"base64\":\"aGk=\",\"sha256\":\"" + SHA + "\"}}",
                "{\"jsonPatch\":[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]}",
                "{\"jsonPatch\":[{\"op\":\"remove\",\"path\":\"/a\"}]}",
                "{\"jsonPatch\":[{\"op\":\"move\",\"path\":\"/a\",\"from\":\"/b\"}]}")
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    return Stream.of(
        step(
            "FileModification",
            "{\"file\":\"a\",\"expect\":{\"exists\":true},\"edits\":[" + edits + "]}",
            rules(
                    "{\"rule\":\"parses\",\"as\":\"json\"}",
                    "{\"rule\":\"contains\",\"text\":\"a\"}",
                    "{\"rule\":\"fileExists\",\"file\":\"a\"}")
                + ",\"rollback\":{\"action\":\"RestoreBackup\"}"),
        step("FileCreation", "{\"file\":\"a\",\"content\":\"a\"}", ""),
        step("FileCreation", "{\"file\":\"a\",\"contentFrom\":" + BESIDE + "}", ""),
        step(
            "FileCreation",
            "{\"file\":\"a\",\"binary\":{\"base64\":\"aGk=\",\"sha256\":\"" + SHA + "\"}}",
            ""),
        step("FileDeletion", "{\"file\":\"a\"}", ",\"dependsOn\":[{\"step\":\"b\"}]"),
        step("FileBackup", "{\"files\":[\"a\"]}", ""),
        step("FileRestore", "{\"from\":\"a\"}", ""),
        step(
            "Validation",
            "{\"checks\":[{\"cel\":\"true\"},{\"rule\":\"cel\",\"expr\":\"true\"},{\"rule\":\"parses\",\"as\":\"xml\",\"file\":\"a\"},{\"rule\":\"contains\",\"text\":\"a\",\"file\":\"a\"},{\"rule\":\"fileExists\",\"file\":\"a\"},{\"rule\":\"exitCode\",\"equals\":0},{\"rule\":\"testsRun\",\"min\":0},{\"rule\":\"testsFailed\",\"max\":0}]}",
            ""),
        step("Compilation", "{\"argv\":[\"a\"]}", ""),
        step(
            "TestExecution",
            "{\"argv\":[\"a\"]}",
            rules("{\"rule\":\"testsRun\",\"min\":1}", "{\"rule\":\"testsFailed\",\"max\":1}")),
        step(
            "CommandExecution",
            "{\"argv\":[\"a\"]}",
            rules("{\"rule\":\"exitCode\",\"equals\":0}", "{\"rule\":\"cel\",\"expr\":\"true\"}")),
        step("Notification", "{\"channel\":\"a\",\"message\":\"a\"}", ""),
        step("Approval", "{}", ""),
        step("Rollback", "{}", ""),
        step("Other", "{\"handler\":\"a\"}", ""));
  }

  /** Every key that the reader asks for, as it says itself where it meets one that it does not. */
  @Test
  void theSchemaHasExactlyTheKeysThatTheReaderKnows() throws Exception {
    Set<String> known = new TreeSet<>();
    for (String step : steps().toList()) {
      JsonNode document = JSON.readTree(TOP.formatted(SHA, step));
      probe(document, document, "", known);
    }
    Set<String> published = new TreeSet<>(JsonSchemas.keys(JsonSchemas.load("improvement-v1")));
    published.removeIf(k -> k.contains(".*"));
    assertThat(known).hasSizeGreaterThan(80);
    assertThat(published).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void everyStepTypeIsInTheSchema() {
    Set<String> types = new TreeSet<>();
    JsonSchemas.load("improvement-v1")
        .at("/$defs/step/oneOf")
        .forEach(s -> types.add(s.at("/properties/type/const").asText()));
    assertThat(types)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(StepType.values()).map(StepType::id).toList());
  }

  private static void probe(JsonNode document, JsonNode node, String at, Set<String> known) {
    if (node instanceof ObjectNode object) {
      object.put(PROBE, 1);
      keys(document.toString(), at).forEach(k -> known.add(at.isEmpty() ? k : at + "." + k));
      object.remove(PROBE);
    }
    if (node.isArray()) {
      node.forEach(item -> probe(document, item, at + "[]", known));
    }
    for (var e : List.copyOf(node.properties())) {
      probe(document, e.getValue(), at.isEmpty() ? e.getKey() : at + "." + e.getKey(), known);
    }
  }

  /** The known keys that the reader lists for the map that holds the probe. */
  private static List<String> keys(String document, String at) {
    String fix;
    try {
      ImprovementReader.read(
          document.getBytes(StandardCharsets.UTF_8),
          "x",
          new BesideFiles(
              new dev.tars.runner.files.FilesBeneath(Path.of("/none")),
              dev.tars.runner.model.RelativePath.ROOT));
      throw new AssertionError("the reader takes an unknown key at " + at);
    } catch (RunnerException e) {
      fix =
          Stream.concat(
                  e.getMessage().contains(PROBE) ? Stream.of(e.help()) : Stream.empty(),
                  e.notes().stream().filter(n -> n.contains(PROBE)))
              .filter(t -> t.contains("known keys: "))
              .findFirst()
              .orElseThrow(
                  () -> new AssertionError(at + ": " + e.getMessage() + e.notes() + e.help()));
    }
    String list = fix.substring(fix.indexOf("known keys: ") + "known keys: ".length());
    return List.of(list.replaceAll("\\).*$", "").split(", "));
  }
}
