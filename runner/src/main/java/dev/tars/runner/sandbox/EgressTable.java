package dev.tars.runner.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.policy.EffectivePolicy;
import dev.tars.runner.policy.NetworkCaps;
import dev.tars.runner.policy.net.NetworkLayer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import java.util.Optional;

/**
 * The rules of one phase as the proxy reads them, {@code tars.egress/v1}. The proxy evaluates them
 * with the classes of {@code policy.net}, as {@code policy check connect} does.
 *
 * @param manner how connections are made and refusals are said
 */
public record EgressTable(NetworkTable rules, NetworkPhase phase, NetworkCaps caps, Manner manner) {

  /**
   * How a proxy does its work.
   *
   * @param brief whether a refusal names the rule alone, without its place and reason
   * @param upstream the proxy that every connection must go through
   */
  public record Manner(boolean brief, Optional<Upstream> upstream) {
    static final Manner DIRECT = new Manner(false, Optional.empty());
  }

  /**
   * A proxy that others run.
   *
   * @param credentials {@code user:password}, or the empty string; never printed
   */
  public record Upstream(String host, int port, String credentials) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /** Direct connections, and refusals in full. */
  public EgressTable(NetworkTable rules, NetworkPhase phase, NetworkCaps caps) {
    this(rules, phase, caps, Manner.DIRECT);
  }

  /** What a policy says of a phase, without the credentials of the proxy that it may name. */
  public static EgressTable of(EffectivePolicy policy, NetworkPhase phase) {
    boolean full = policy.explain().people() && policy.explain().agents();
    return new EgressTable(
        policy.network(),
        phase,
        policy.networkCaps(),
        new Manner(!full, policy.upstream().map(u -> new Upstream(u.host(), u.port(), ""))));
  }

  /** The same with what the proxy asks for. */
  public EgressTable authorized(String credentials) {
    Optional<Upstream> known =
        manner.upstream().map(u -> new Upstream(u.host(), u.port(), credentials));
    return new EgressTable(rules, phase, caps, new Manner(manner.brief(), known));
  }

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
    node.put("telling", manner.brief() ? "rule-id" : "full");
    manner
        .upstream()
        .ifPresent(upstream ->
            node.putObject("upstream")
                .put("host", upstream.host())
                .put("port", upstream.port())
                .put("credentials", upstream.credentials()));
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
    ArrayNode methods = node.putArray("methods");
    rule.methods().stream().sorted().forEach(methods::add);
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
