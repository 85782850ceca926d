package dev.tars.runner.policy.net;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule on connections.
 *
 * @param vote what the rule says where it matches
 * @param ports empty means all
 * @param phases empty means all
 * @param methods of plain HTTP that an allowing rule lets through; empty means TLS. A denying rule
 *     denies both, and has none
 */
public record NetworkRule(
    NetworkVote vote,
    List<HostPattern> hosts,
    List<Cidr> cidrs,
    Set<Integer> ports,
    Set<NetworkPhase> phases,
    Set<String> methods) {
  public NetworkRule {
    hosts = List.copyOf(hosts);
    cidrs = List.copyOf(cidrs);
    ports = Set.copyOf(ports);
    phases = Set.copyOf(phases);
    methods = methods.stream().map(m -> m.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** A rule on TLS, or a denial of whatever is spoken. */
  public NetworkRule(
      NetworkVote vote,
      List<HostPattern> hosts,
      List<Cidr> cidrs,
      Set<Integer> ports,
      Set<NetworkPhase> phases) {
    this(vote, hosts, cidrs, ports, phases, Set.of());
  }

  public boolean allows() {
    return vote.allows();
  }

  public boolean matches(Endpoint to) {
    boolean there =
        to.address()
            .map(address -> cidrs.stream().anyMatch(c -> matches(c, address)))
            .orElseGet(() -> hosts.stream().anyMatch(h -> h.matches(to.host())));
    return there
        && (!allows() || to.method().map(methods::contains).orElse(methods.isEmpty()))
        && (ports.isEmpty() || ports.contains(to.port()))
        && (phases.isEmpty() || phases.contains(to.phase()));
  }

  /** A block that denies also denies an address that is wrapped in one of another family. */
  private boolean matches(Cidr block, IpAddress address) {
    return (!allows() && block.contains(address)) || block.contains(address.reached());
  }

  /** The hosts and blocks of an allowing rule that this denying rule leaves nothing of. */
  public List<String> denied(NetworkRule rule) {
    boolean whole =
        !allows()
            && rule.allows()
            && (ports.isEmpty() || ports.containsAll(rule.ports))
            && (phases.isEmpty() || (!rule.phases.isEmpty() && phases.containsAll(rule.phases)));
    if (!whole) {
      return List.of();
    }
    return Stream.concat(
            rule.hosts.stream()
                .filter(h -> hosts.stream().anyMatch(d -> d.covers(h)))
                .map(HostPattern::text),
            rule.cidrs.stream()
                .filter(b -> cidrs.stream().anyMatch(d -> d.covers(b)))
                .map(Cidr::toString))
        .toList();
  }
}
