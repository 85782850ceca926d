package dev.tars.egress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tars.runner.model.SourcePosition;
import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.HostPattern;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the runner hands over to a proxy: {@code tars.egress/v1}, as {@code docs/formats.md} has it.
 * Anything that is missing or unknown ends the proxy before it listens.
 */
record TableFile(NetworkTable table, NetworkPhase phase, Caps caps, Manner manner) {
  private static final Set<String> RULE =
      Set.of(
          "rule", "layer", "file", "line", "column", "effect", "reason", "fix", "hosts", "cidrs",
          "ports", "phases", "methods");

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException if a part is missing or is not what it must be
   */
  static TableFile read(byte[] bytes) {
    try {
      JsonNode node = new ObjectMapper().readTree(bytes);
      if (!node.path("schema").asText().equals("tars.egress/v1")) {
        throw new IllegalArgumentException("not a table of tars.egress/v1");
      }
      only(node, Set.of("schema", "phase", "layers", "caps", "telling", "upstream"));
      List<NetworkLayer> layers = new ArrayList<>();
      for (JsonNode layer : array(node, "layers")) {
        layers.add(layer(layer));
      }
      return new TableFile(
          new NetworkTable(layers),
          phase(text(node, "phase")),
          caps(object(node, "caps")),
          manner(node));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NetworkLayer layer(JsonNode node) {
    List<NetworkRule> rules = new ArrayList<>();
    for (JsonNode rule : array(node, "rules")) {
      rules.add(rule(rule));
    }
    return new NetworkLayer(rules, vote(object(node, "otherwise")));
  }

  private static NetworkRule rule(JsonNode node) {
    List<HostPattern> hosts = new ArrayList<>();
    array(node, "hosts").forEach(h -> hosts.add(HostPattern.parse(h.asText())));
    List<Cidr> cidrs = new ArrayList<>();
    array(node, "cidrs").forEach(c -> cidrs.add(Cidr.parse(c.asText())));
    Set<Integer> ports = new LinkedHashSet<>();
    array(node, "ports").forEach(p -> ports.add(p.asInt(-1)));
    Set<NetworkPhase> phases = new LinkedHashSet<>();
    array(node, "phases").forEach(p -> phases.add(phase(p.asText())));
    Set<String> methods = new LinkedHashSet<>();
    array(node, "methods").forEach(m -> methods.add(m.asText()));
    only(node, RULE);
    return new NetworkRule(vote(node), hosts, cidrs, ports, phases, methods);
  }

  private static Manner manner(JsonNode node) {
    String telling = text(node, "telling");
    if (!telling.equals("full") && !telling.equals("rule-id")) {
      throw new IllegalArgumentException("a refusal is told in full or by its rule");
    }
    return new Manner(
        telling.equals("rule-id"),
        node.has("upstream") ? Optional.of(upstream(object(node, "upstream"))) : Optional.empty());
  }

  private static Manner.Upstream upstream(JsonNode node) {
    only(node, Set.of("host", "port", "credentials"));
    return new Manner.Upstream(
        text(node, "host"), (int) number(node, "port"), text(node, "credentials"));
  }

  private static NetworkVote vote(JsonNode node) {
    String effect = text(node, "effect");
    if (!effect.equals("allow") && !effect.equals("deny")) {
      throw new IllegalArgumentException("a rule allows or denies");
    }
    return new NetworkVote(
        text(node, "rule"),
        text(node, "layer"),
        new SourcePosition(
            text(node, "file"), (int) number(node, "line"), (int) number(node, "column")),
        effect.equals("allow"),
        text(node, "reason"),
        text(node, "fix"));
  }

  private static Caps caps(JsonNode node) {
    return new Caps(
        number(node, "requests"),
        (int) number(node, "connections"),
        number(node, "bytesUp"),
        number(node, "bytesDown"),
        Duration.ofMillis(number(node, "connectionMillis")),
        Duration.ofMillis(number(node, "idleMillis")));
  }

  private static NetworkPhase phase(String word) {
    return NetworkPhase.of(word)
        .orElseThrow(() -> new IllegalArgumentException("no phase is called " + word));
  }

  private static JsonNode object(JsonNode node, String key) {
    return require(node.path(key), node.path(key).isObject(), key);
  }

  private static JsonNode array(JsonNode node, String key) {
    return require(node.path(key), node.path(key).isArray(), key);
  }

  private static String text(JsonNode node, String key) {
    return require(node.path(key), node.path(key).isTextual(), key).asText();
  }

  private static long number(JsonNode node, String key) {
    return require(node.path(key), node.path(key).isIntegralNumber(), key).asLong();
  }

  /** What is not understood would be left out, and a rule that is left out is another one. */
  private static void only(JsonNode node, Set<String> names) {
    node.fieldNames()
        .forEachRemaining(name -> {
          if (!names.contains(name)) {
            throw new IllegalArgumentException("the table has an unknown '" + name + "'");
          }
        });
  }

  private static JsonNode require(JsonNode node, boolean fits, String key) {
    if (!fits) {
      throw new IllegalArgumentException("the table has no proper '" + key + "'");
    }
    return node;
  }
}
