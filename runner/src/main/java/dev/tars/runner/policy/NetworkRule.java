package dev.tars.runner.policy;

import java.util.List;
import java.util.Set;

/**
 * One rule on connections.
 *
 * @param ports empty means all
 * @param phases empty means all
 */
record NetworkRule(
    RuleMatch match,
    List<HostPattern> hosts,
    List<Cidr> cidrs,
    Set<Integer> ports,
    Set<NetworkPhase> phases) {
  NetworkRule {
    hosts = List.copyOf(hosts);
    cidrs = List.copyOf(cidrs);
    ports = Set.copyOf(ports);
    phases = Set.copyOf(phases);
  }

  boolean matches(Endpoint to) {
    boolean there =
        to.address()
            .map(address -> cidrs.stream().anyMatch(c -> matches(c, address)))
            .orElseGet(() -> hosts.stream().anyMatch(h -> h.matches(to.host())));
    return there
        && (ports.isEmpty() || ports.contains(to.port()))
        && (phases.isEmpty() || phases.contains(to.phase()));
  }

  /** A block that takes away also takes away an address in the clothes of another kind. */
  private boolean matches(Cidr block, IpAddress address) {
    boolean narrows = match.effect() != Effect.ALLOW;
    return (narrows && block.contains(address)) || block.contains(address.reached());
  }
}
