package dev.tars.runner.review;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Told;
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
   * @param told one sentence each, what calls for a person
   * @param expiresAt when an approval given before ends
   * @param needs each rule that must be met
   */
  record NeedsApproval(
      int needed, int given, List<Told> told, Optional<Instant> expiresAt, List<Need> needs)
      implements ReviewDecision {
    public NeedsApproval {
      told = List.copyOf(told);
      needs = List.copyOf(needs);
    }

    /** What calls for a person, in full. */
    public List<String> reasons() {
      return told.stream().map(Told::full).toList();
    }
  }

  /**
   * One thing that people must give.
   *
   * @param rule id of the approval rule, {@code override GATE}, or empty for the policy's count
   * @param from who counts, as the policy says it; empty means anybody
   * @param given users whose approval counts for it
   * @param missing how many more it takes
   */
  record Need(String rule, int count, List<String> from, List<String> given, int missing) {
    public Need {
      from = List.copyOf(from);
      given = List.copyOf(given);
    }
  }
}
