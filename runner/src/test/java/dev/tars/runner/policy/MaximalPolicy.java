package dev.tars.runner.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * {@code maximal.yaml}: a policy with every key of the schema, as a document that can be changed.
 */
public final class MaximalPolicy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final PolicyFiles files;
  private final ObjectNode document;

  public MaximalPolicy(Path temp) {
    files = new PolicyFiles(temp);
    String base = resource("base.yaml");
    files.file("base.yaml", base);
    String text =
        resource("maximal.yaml")
            .replace("@BASE@", Digest.of(base.getBytes(StandardCharsets.UTF_8)).hex());
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(text);
    document = JSON.valueToTree(tree);
  }

  static String resource(String name) {
    try (InputStream in = MaximalPolicy.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy. */
  public ObjectNode document() {
    return document.deepCopy();
  }

  /** Loads it as the user's policy; JSON is YAML. */
  public EffectivePolicy load(ObjectNode changed) {
    files.file("policy.yaml", changed.toString());
    return files.load();
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }
}
