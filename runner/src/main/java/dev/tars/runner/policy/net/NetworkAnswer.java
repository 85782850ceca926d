package dev.tars.runner.policy.net;

import java.util.Comparator;
import java.util.List;

/**
 * The layers' answer about one connection.
 *
 * @param votes every answer that counted, those that deny first; never empty
 */
public record NetworkAnswer(List<NetworkVote> votes) {
  public NetworkAnswer {
    votes =
        votes.isEmpty()
            ? List.of(NetworkVote.silence())
            : votes.stream().sorted(Comparator.comparing(NetworkVote::allows)).toList();
  }

  /** True if every vote allows it. */
  public boolean allowed() {
    return deciding().allows();
  }

  /** The rule to name in a message. */
  public NetworkVote deciding() {
    return votes.getFirst();
  }
}
