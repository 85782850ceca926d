package dev.tars.runner.policy;

import dev.tars.runner.model.Escape;
import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.Endpoint;
import dev.tars.runner.policy.net.HostPattern;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkRule;
import dev.tars.runner.policy.net.NetworkVote;
import dev.tars.runner.yaml.YamlMap;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The {@code network} section. */
final class NetworkReader {
  private static final Pattern PROXY =
      Pattern.compile("http://([a-z0-9][a-z0-9._-]{0,252}):([1-9][0-9]{0,3}|[1-5][0-9]{4})/?");

  private final PolicyLayer layer;
  private final PolicyReader reader;

  NetworkReader(PolicyLayer layer, PolicyReader reader) {
    this.layer = layer;
    this.reader = reader;
  }

  void read(YamlMap map) {
    boolean rules = map.has("allow") || map.has("deny") || map.has("default");
    layer.decidesNetwork |= rules || !(map.has("limits") || map.has("upstream"));
    layer.sections.put("network", map.position());
    layer.said.read(map, "network");
    for (YamlMap rule : map.maps("allow")) {
      layer.networkRules.add(rule(rule, Effect.ALLOW));
    }
    for (YamlMap rule : map.maps("deny")) {
      layer.networkRules.add(rule(rule, Effect.DENY));
    }
    map.optionalMap("limits")
        .ifPresent(limits -> {
          layer.said.read(limits, "network.limits");
          limits.closed();
        });
    map.optionalMap("upstream").ifPresent(this::upstream);
    map.closed();
  }

  private void upstream(YamlMap map) {
    String proxy = map.string("proxy");
    Matcher address = PROXY.matcher(proxy);
    Optional<String> credentials = map.optionalString("credentials");
    if (!layer.trusted) {
      map.problem("proxy", "the workspace cannot say where connections go", "take it out");
    }
    if (credentials.filter(c -> !c.startsWith("/")).isPresent()) {
      map.problem("credentials", "not an absolute path", "name a file as /path/to/file");
    }
    if (address.matches()) {
      layer.upstream =
          Optional.of(
              new UpstreamProxy(
                  address.group(1),
                  Integer.parseInt(address.group(2)),
                  credentials,
                  map.position("proxy")));
    } else if (!proxy.isEmpty()) {
      map.problem("proxy", "not the address of a proxy", "write http://host:port");
    }
    map.closed();
  }

  private NetworkRule rule(YamlMap rule, Effect effect) {
    RuleMatch match = reader.match(rule, effect);
    List<HostPattern> hosts = list(rule, "hosts", HostPattern::parse);
    List<Cidr> cidrs = list(rule, "cidrs", Cidr::parse);
    if (!rule.has("hosts") && !rule.has("cidrs")) {
      rule.problems()
          .add(
              rule.position(),
              rule.path() + " names no host and no block, so it can never apply",
              "add hosts: [...] or cidrs: [...]");
    }
    Set<Integer> ports = ports(rule);
    if (effect == Effect.ALLOW) {
      if (!rule.has("ports")) {
        rule.problems()
            .add(rule.position(), rule.path() + " does not say which ports", "add ports: [443]");
      }
      refuseUnreachable(rule, hosts, cidrs);
    }
    NetworkVote vote =
        new NetworkVote(
            match.rule(),
            match.layer(),
            match.at(),
            effect == Effect.ALLOW,
            match.reason(),
            match.fix());
    NetworkRule result =
        new NetworkRule(
            vote,
            hosts,
            cidrs,
            ports,
            phases(rule),
            effect == Effect.ALLOW ? methods(rule) : Set.of());
    rule.closed();
    return result;
  }

  /** What the limits in code forbid, no rule can allow. */
  private static void refuseUnreachable(YamlMap rule, List<HostPattern> hosts, List<Cidr> cidrs) {
    for (HostPattern host : hosts) {
      if (host.name().equals("localhost") || host.name().endsWith(".localhost")) {
        rule.problem(
            "hosts",
            host.text() + " can never apply: a box does not reach this machine",
            "take it out");
      }
    }
    for (Cidr block : cidrs) {
      for (Cidr never : Endpoint.NEVER_ALLOWED) {
        if (block.overlaps(never)) {
          rule.problem(
              "cidrs",
              block + " holds addresses that can never be allowed: " + never,
              "name the blocks that are needed");
          break;
        }
      }
    }
  }

  private static <T> List<T> list(YamlMap rule, String key, Function<String, T> parse) {
    List<T> values = new ArrayList<>();
    Set<String> seen = new LinkedHashSet<>();
    List<YamlMap.Placed> texts = rule.placedStrings(key);
    for (YamlMap.Placed text : texts) {
      try {
        values.add(parse.apply(text.text()));
      } catch (IllegalArgumentException e) {
        rule.problems()
            .add(text.at(), "'" + Escape.line(text.text()) + "': " + e.getMessage(), "correct it");
      }
      if (!seen.add(text.text())) {
        rule.problems().add(text.at(), "it is in the list twice", "take one out");
      }
    }
    if (rule.has(key) && texts.isEmpty()) {
      rule.problem(key, rule.path() + "." + key + " is empty", "take it out, or fill it");
    }
    return values;
  }

  private static Set<Integer> ports(YamlMap rule) {
    Set<Integer> ports = new LinkedHashSet<>(rule.ints("ports", 1, 65_535));
    if (rule.has("ports") && ports.isEmpty()) {
      rule.problem("ports", rule.path() + ".ports is empty", "name the ports");
    }
    return ports;
  }

  /** The methods of plain HTTP; none for TLS, which is what a rule allows unless it says so. */
  private static Set<String> methods(YamlMap rule) {
    Optional<String> scheme = rule.optionalWord("scheme", List.of("https", "http"));
    Set<String> methods = new LinkedHashSet<>();
    for (YamlMap.Placed word : rule.placedStrings("methods")) {
      if (!word.text().matches("[A-Z]{3,16}") || word.text().equals("CONNECT")) {
        rule.problems()
            .add(
                word.at(),
                "'" + Escape.line(word.text()) + "' is no method of HTTP that can be let through",
                "write for example GET, HEAD or POST");
      }
      methods.add(word.text());
    }
    boolean plain = scheme.equals(Optional.of("http"));
    if (rule.has("methods") && !plain) {
      rule.problem(
          "methods",
          "methods are seen in plain HTTP alone; TLS is not opened",
          "take it out, or write scheme: http");
    } else if (rule.has("methods") && methods.isEmpty()) {
      rule.problem("methods", rule.path() + ".methods is empty", "take it out: GET and HEAD");
    }
    return plain && methods.isEmpty() ? Set.of("GET", "HEAD") : methods;
  }

  private static Set<NetworkPhase> phases(YamlMap rule) {
    Set<NetworkPhase> phases = EnumSet.noneOf(NetworkPhase.class);
    for (YamlMap.Placed word : rule.placedStrings("phases")) {
      Optional<NetworkPhase> phase = NetworkPhase.of(word.text());
      phase.ifPresent(phases::add);
      if (phase.isEmpty()) {
        rule.problems()
            .add(
                word.at(),
                "there is no phase '" + Escape.line(word.text()) + "'",
                "use " + String.join(", ", NetworkPhase.words()));
      }
    }
    if (rule.has("phases") && phases.isEmpty()) {
      rule.problem("phases", rule.path() + ".phases names none", "name one, or take it out");
    }
    return phases;
  }
}
