package dev.tars.runner.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.policy.keys.Key;
import dev.tars.runner.policy.keys.KeyType;
import dev.tars.runner.policy.keys.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of keys, the published schema and the reference for people say the same. */
class PolicyKeysTest {
  private static final Path REFERENCE = Path.of("../docs/policy-keys.md");

  private static final Path SCHEMA =
      Path.of("../policies/src/main/resources/dev/tars/schemas/policy-v1.schema.json");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final DefaultPrettyPrinter LAYOUT =
      new DefaultPrettyPrinter()
          .withArrayIndenter(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE)
          .withSeparators(
              Separators.createDefaultInstance()
                  .withObjectFieldValueSpacing(Separators.Spacing.AFTER));

  @TempDir private Path temp;

  @Test
  void theTableAndTheSchemaHaveTheSameKeys() {
    Set<String> schema = new TreeSet<>();
    for (String key : JsonSchemas.keys(JsonSchemas.policy())) {
      boolean inside = key.contains("[]") || key.contains("*") || key.matches(".*\\.(default|max)");
      if (!inside || Keys.find(key).isPresent()) {
        schema.add(key);
      }
    }
    assertThat(Keys.all()).extracting(Key::name).containsExactlyInAnyOrderElementsOf(schema);
  }

  @Test
  void theSchemaTakesTheValuesOfTheTableAndNoOthers() {
    for (Key key : Keys.all()) {
      JsonNode schema = JsonSchemas.at(JsonSchemas.policy(), key.name());
      switch (key.type()) {
        case KeyType.Words words when !words.written().contains("true") ->
            assertThat(texts(schema.path("enum")))
                .as(key.name())
                .hasSameElementsAs(words.written());
        case KeyType.Words words ->
            assertThat(schema.path("type").asText()).as(key.name()).isEqualTo("boolean");
        case KeyType.Count count -> {
          assertThat(schema.path("minimum").asInt()).as(key.name()).isEqualTo(count.min());
          assertThat(schema.path("maximum").asInt()).as(key.name()).isEqualTo(count.max());
        }
        case KeyType.Fixed fixed ->
            assertThat(schema.toString()).as(key.name()).contains(fixed.text().replace("[]", ""));
        case KeyType.Bounded bounded -> assertThat(schema.has("anyOf")).as(key.name()).isTrue();
        case KeyType.Time time -> assertThat(schema.toString()).as(key.name()).contains("|d)$");
        case KeyType.Size size -> assertThat(schema.toString()).as(key.name()).contains("KiB");
        case KeyType.Structure structure ->
            assertThat(schema.has("enum") || schema.has("const")).as(key.name()).isFalse();
      }
    }
  }

  @Test
  void theDefaultOfTheTableIsWhatAppliesWhereNothingIsSaid() {
    EffectivePolicy silent = new PolicyFiles(temp).user("processes: { default: deny }\n");
    for (Key key : Keys.all()) {
      if (key.isSingle() && !key.name().equals("testIntegrity.baseline")) {
        assertThat(silent.value(key)).as(key.name()).isEqualTo(key.standardValue());
        boolean sentence = Set.of("for ever", "no limit").contains(key.standard());
        assertThat(key.standardValue().isEmpty()).as(key.name()).isEqualTo(sentence);
      }
    }
  }

  /** The workspace is what a change comes from: it can take away, and never give. */
  @Test
  void theWorkspaceCannotWidenASingleValueWithoutATrustedLayer() {
    List<String> widened = new ArrayList<>();
    int tried = 0;
    for (Key key : Keys.all()) {
      if (!key.isSingle() || key.standardValue().isEmpty() || notInTheWorkspace(key)) {
        continue;
      }
      for (String value :
          List.of(
              "allow",
              "true",
              "paths",
              "revalidate",
              "optional",
              "continue",
              "engine-default",
              "1000000",
              "90d")) {
        String yaml = nested(key.name(), value);
        try {
          EffectivePolicy policy =
              new PolicyFiles(temp).user("processes: { default: deny }\n", yaml);
          tried++;
          if (!policy.value(key).equals(key.standardValue())
              && key.type()
                      .narrower(policy.value(key).orElseThrow(), key.standardValue().orElseThrow())
                  == key.standardValue().orElseThrow()) {
            widened.add(key.name() + ": " + value);
          }
        } catch (dev.tars.runner.model.RunnerException e) {
          continue; // not a value of this key
        }
      }
    }
    assertThat(tried).isGreaterThan(12);
    assertThat(widened).isEmpty();
  }

  private static boolean notInTheWorkspace(Key key) {
    return List.of("audit", "retention", "explain").contains(key.section());
  }

  private static String nested(String name, String value) {
    String[] parts = name.split("\\.");
    StringBuilder yaml = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      yaml.append(i == 0 ? "" : "{ ").append(parts[i]).append(": ");
    }
    return yaml + value + " }".repeat(parts.length - 1) + "\n";
  }

  @Test
  void theReferenceIsTheTable() throws IOException {
    String wanted = reference();
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(REFERENCE, wanted);
    }
    assertThat(REFERENCE).content().isEqualTo(wanted);
  }

  /** The words and bounds of single values stand in the schema as the table has them. */
  @Test
  void theSchemaIsWrittenFromTheTable() throws IOException {
    ObjectNode wanted = (ObjectNode) JSON.readTree(SCHEMA.toFile());
    for (Key key : Keys.all()) {
      if (JsonSchemas.at(wanted, key.name()) instanceof ObjectNode place && key.isSingle()) {
        switch (key.type()) {
          case KeyType.Words words when !words.written().contains("true") ->
              words.written().forEach(place.putArray("enum")::add);
          case KeyType.Count count -> place.put("minimum", count.min()).put("maximum", count.max());
          default -> {}
        }
      }
    }
    String text = JSON.writer(LAYOUT).writeValueAsString(wanted) + "\n";
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(SCHEMA, text);
    }
    assertThat(SCHEMA).content().isEqualTo(text);
  }

  private static String reference() {
    StringBuilder text = new StringBuilder();
    text.append("# Every key of a policy\n\n");
    text.append("Generated from the table that the program itself reads policies by ");
    text.append("(`keys.txt` beside `policy.keys.Keys`); a test compares the two, and\n");
    text.append("`mvn test -Dtest=PolicyKeysTest -Dreference.write=true` writes this page anew. ");
    text.append("[policy-guide.md](policy-guide.md) explains how to use the keys.\n\n");
    text.append(
        "In *values* a `<` leads from the narrower word to the wider one. *Layers* says how ");
    text.append(
        "the files of the system, the user and the workspace combine: of `strictest` keys\n");
    text.append(
        "the narrowest value applies, and a workspace cannot widen what applies without it.\n");
    for (Key key : Keys.all()) {
      if (key.section().isEmpty()) {
        section(key, text);
      }
    }
    return text.toString();
  }

  private static void section(Key top, StringBuilder text) {
    text.append("\n## ").append(top.name()).append("\n\n");
    text.append(top.meaning()).append(" Enforced by: ").append(top.enforcedBy()).append(".\n");
    text.append("\n| key | values | default | layers | since | meaning |\n");
    text.append("|---|---|---|---|---|---|\n");
    for (Key key : Keys.all()) {
      if (key.equals(top) || key.name().startsWith(top.name() + ".")) {
        text.append(
            "| `%s` | %s | %s | %s | %s | %s |\n"
                .formatted(
                    key.name(),
                    key.type().shown(),
                    key.standard(),
                    key.layers(),
                    key.since(),
                    key.meaning()));
      }
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return texts;
  }
}
