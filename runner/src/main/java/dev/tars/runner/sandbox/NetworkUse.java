package dev.tars.runner.sandbox;

import dev.tars.runner.policy.net.NetworkVote;
import java.util.List;
import java.util.Optional;

/**
 * One distinct decision of a proxy about connections, and what came of it.
 *
 * @param host as it was acted on; not escaped
 * @param method of a request in plain HTTP; empty for a connection that was to carry TLS
 * @param vote the deciding rule
 * @param count how often it was asked for
 * @param sent bytes from the boxes
 * @param received bytes to the boxes
 * @param addresses that were connected to, at most 8
 */
public record NetworkUse(
    String host,
    int port,
    Optional<String> method,
    NetworkVote vote,
    long count,
    long sent,
    long received,
    List<String> addresses) {
  public NetworkUse {
    addresses = List.copyOf(addresses);
  }
}
