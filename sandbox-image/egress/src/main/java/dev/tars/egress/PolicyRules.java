package dev.tars.egress;

import dev.tars.runner.policy.net.Cidr;
import dev.tars.runner.policy.net.Endpoint;
import dev.tars.runner.policy.net.IpAddress;
import dev.tars.runner.policy.net.NetworkAnswer;
import dev.tars.runner.policy.net.NetworkPhase;
import dev.tars.runner.policy.net.NetworkTable;
import dev.tars.runner.policy.net.NetworkVote;
import java.net.InetAddress;

/** The policy's own evaluator, for one phase of a run. */
final class PolicyRules implements Rules {
  private final NetworkTable table;
  private final NetworkPhase phase;

  PolicyRules(NetworkTable table, NetworkPhase phase) {
    this.table = table;
    this.phase = phase;
  }

  @Override
  public Ruling named(Asked asked) {
    Endpoint to = endpoint(asked.to().host(), asked);
    return ruling(to, table.decide(to));
  }

  /**
   * An address of the public network needs no rule of its own, but a rule may deny it; any other
   * must be in a block that a rule allows.
   */
  @Override
  public Ruling reached(InetAddress address, Asked asked) {
    Endpoint to = endpoint(address.getHostAddress(), asked);
    NetworkAnswer answer = table.decide(to);
    boolean silent = answer.votes().stream().allMatch(v -> v.allows() || isSilence(v));
    if (answer.allowed() || !silent) {
      return ruling(to, answer);
    }
    boolean inside = to.address().map(PolicyRules::isInside).orElse(true);
    return inside
        ? Ruling.hard(
            to.host(),
            "an address of a private network, and no block allows it",
            "name its block in cidrs of a rule of network.allow, with this port")
        : new Ruling(to.host(), Ruling.hard(true, ""));
  }

  private Endpoint endpoint(String host, Asked asked) {
    return Endpoint.of(host, asked.to().port(), phase).by(asked.method());
  }

  private static boolean isSilence(NetworkVote vote) {
    return vote.rule().equals("network.default");
  }

  private static boolean isInside(IpAddress address) {
    return INSIDE.stream().anyMatch(b -> b.contains(address) || b.contains(address.reached()));
  }

  private static Ruling ruling(Endpoint to, NetworkAnswer answer) {
    return new Ruling(to.host(), answer.deciding());
  }

  /** What is not the public network: machines and services of a site, of a link, of a provider. */
  private static final java.util.List<Cidr> INSIDE =
      java.util.stream.Stream.of(
              "10.0.0.0/8",
              "100.64.0.0/10",
              "169.254.0.0/16",
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.168.0.0/16",
              "198.18.0.0/15",
              "64:ff9b:1::/48",
              "2001::/32",
              "fc00::/7",
              "fe80::/10",
              "fec0::/10")
          .map(Cidr::parse)
          .toList();
}
