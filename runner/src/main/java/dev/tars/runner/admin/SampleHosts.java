package dev.tars.runner.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tars.runner.admin.RuleTexts.RuleText;
import dev.tars.runner.decisions.Request;
import dev.tars.runner.policy.net.NetworkPhase;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connections that tell rules on hosts apart: each host, its neighbours, each port, phase and
 * method.
 */
final class SampleHosts {
  private static final int OTHER_PORT = 4242;

  /** TLS, a method that a rule on plain HTTP lets through by itself, and others. */
  private static final List<Optional<String>> METHODS =
      List.of(Optional.empty(), Optional.of("GET"), Optional.of("POST"), Optional.of("PUT"));

  private SampleHosts() {}

  static Set<Request> of(List<RuleText> rules) {
    Set<String> hosts = new LinkedHashSet<>();
    Set<Integer> ports = new LinkedHashSet<>(List.of(OTHER_PORT));
    for (RuleText rule : rules) {
      if (rule.section().startsWith("network.")) {
        rule.texts("hosts").forEach(h -> host(h, hosts));
        rule.texts("cidrs").forEach(c -> cidr(c, hosts));
        for (JsonNode port : rule.node().path("ports")) {
          if (port.isInt()) {
            ports.add(port.intValue());
          }
        }
      }
    }
    Set<Request> requests = new LinkedHashSet<>();
    for (String host : hosts) {
      for (int port : ports) {
        for (NetworkPhase phase : NetworkPhase.values()) {
          for (Optional<String> method : METHODS) {
            requests.add(new Request.Connect(host, port, phase, method));
          }
        }
      }
    }
    return requests;
  }

  private static void host(String pattern, Set<String> hosts) {
    String apex = pattern.replaceFirst("^\\*\\*?\\.", "");
    hosts.add(apex);
    hosts.add("zq." + apex);
    hosts.add("zq.zq." + apex);
  }

  /** The network's own address and the next one, in IPv4; IPv6 as written. */
  private static void cidr(String block, Set<String> hosts) {
    String address = block.replaceFirst("/.*$", "");
    hosts.add(address);
    int dot = address.lastIndexOf('.');
    if (dot > 0 && address.substring(dot + 1).matches("[0-9]{1,3}")) {
      int last = Integer.parseInt(address.substring(dot + 1));
      hosts.add(address.substring(0, dot + 1) + Math.min(255, last + 1));
    } else if (address.endsWith("::")) {
      hosts.add(address + "1");
    }
  }
}
