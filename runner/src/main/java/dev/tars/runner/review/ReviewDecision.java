package dev.tars.runner.review;

import dev.tars.runner.model.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What may happen to a change set now. */
public sealed interface ReviewDecision {

  /** It may be promoted: the three digests it is bound to. */
  record Approved(Digest changeSet, Digest policy, String image, List<String> by)
      implements ReviewDecision {
    public Approved {
      by = List.copyOf(by);
    }
  }

  record Rejected(String reason) implements ReviewDecision {}

  /**
   * @param reasons one sentence each, what calls for a person
   * @param expiresAt when an approval given before ends
   */
  record NeedsApproval(int needed, int given, List<String> reasons, Optional<Instant> expiresAt)
      implements ReviewDecision {
    public NeedsApproval {
      reasons = List.copyOf(reasons);
    }
  }
}
