package dev.tars.runner.policy.net;

import java.util.ArrayList;
import java.util.List;

/**
 * The network rules of all layers. Each layer decides alone and every one must allow a connection;
 * within a layer a denial beats what allows. Without layers nothing is allowed.
 *
 * <p>Immutable, and safe for use by several threads.
 */
public record NetworkTable(List<NetworkLayer> layers) {
  public NetworkTable {
    layers = List.copyOf(layers);
  }

  /**
   * The answer about one connection. A name is decided about as a name; an address that it leads to
   * must be asked for on its own.
   */
  public NetworkAnswer decide(Endpoint to) {
    List<NetworkVote> votes = new ArrayList<>();
    to.problem().map(NetworkVote::impossible).ifPresent(votes::add);
    layers.forEach(layer -> votes.addAll(layer.votes(to)));
    return new NetworkAnswer(votes);
  }

  /** False if nothing can be allowed in a phase, so that its boxes need no network at all. */
  public boolean opens(NetworkPhase phase) {
    return !layers.isEmpty() && layers.stream().allMatch(layer -> layer.opens(phase));
  }

  /** The rules that allow anything at all. */
  public List<NetworkRule> allowing() {
    return layers.stream().flatMap(l -> l.rules().stream()).filter(NetworkRule::allows).toList();
  }
}
