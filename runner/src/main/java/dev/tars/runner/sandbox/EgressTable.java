package dev.tars.runner.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;

/**
 * The rules of one phase as the proxy reads them, {@code tars.egress/v1}. The proxy evaluates them
 * with the classes of {@code policy.net}, as {@code policy check connect} does.
 */
public record EgressTable(NetworkTable rules, NetworkPhase phase, NetworkCaps caps) {

  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("schema", "tars.egress/v1").put("phase", phase.word());
    ArrayNode layers = node.putArray("layers");
    rules.layers().forEach(layer -> layers.add(layer(layer)));
    node.putObject("caps")
        .put("requests", caps.requests())
        .put("connections", caps.connections())
        .put("bytesUp", caps.sent().bytes())
        .put("bytesDown", caps.received().bytes())
        .put("connectionMillis", caps.connection().toMillis())
        .put("idleMillis", caps.silence().toMillis());
    return node;
  }

  private static ObjectNode layer(NetworkLayer layer) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode rules = node.putArray("rules");
    layer.rules().forEach(rule -> rules.add(rule(rule)));
    node.set("otherwise", vote(layer.otherwise()));
    return node;
  }

  private static ObjectNode rule(NetworkRule rule) {
    ObjectNode node = vote(rule.vote());
    ArrayNode hosts = node.putArray("hosts");
    rule.hosts().forEach(host -> hosts.add(host.text()));
    ArrayNode cidrs = node.putArray("cidrs");
    rule.cidrs().forEach(block -> cidrs.add(block.toString()));
    ArrayNode ports = node.putArray("ports");
    rule.ports().stream().sorted().forEach(ports::add);
    ArrayNode phases = node.putArray("phases");
    rule.phases().stream().map(NetworkPhase::word).sorted().forEach(phases::add);
    return node;
  }

  private static ObjectNode vote(NetworkVote vote) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("rule", vote.rule())
        .put("layer", vote.layer())
        .put("file", vote.at().file())
        .put("line", vote.at().line())
        .put("column", vote.at().column())
        .put("effect", vote.allows() ? "allow" : "deny")
        .put("reason", vote.reason())
        .put("fix", vote.fix());
  }
}
