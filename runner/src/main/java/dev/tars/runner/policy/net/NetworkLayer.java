package dev.tars.runner.policy.net;

import java.util.List;

/**
 * One layer that speaks of the network.
 *
 * @param otherwise the layer's answer where no rule of it matches
 */
public record NetworkLayer(List<NetworkRule> rules, NetworkVote otherwise) {
  public NetworkLayer {
    rules = List.copyOf(rules);
  }

  /** The rules that match, or what the layer says where none does; never empty. */
  List<NetworkVote> votes(Endpoint to) {
    List<NetworkVote> votes =
        rules.stream().filter(r -> r.matches(to)).map(NetworkRule::vote).toList();
    return votes.isEmpty() ? List.of(otherwise) : votes;
  }

  boolean opens(NetworkPhase phase) {
    return rules.stream()
        .anyMatch(r -> r.allows() && (r.phases().isEmpty() || r.phases().contains(phase)));
  }
}
