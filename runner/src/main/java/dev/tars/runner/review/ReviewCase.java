package dev.tars.runner.review;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.validation.Verdict;
import java.util.List;
import java.util.Set;

/**
 * What is to be decided on.
 *
 * @param ranBy operating system user who started the run
 * @param policy digest of the policy that is in force now
 * @param image id of the image that is in force now
 * @param planApprovals ids of approval rules that the plan's {@code Approval} steps add; the empty
 *     string for any approver
 * @param approvals everything that was said, also of other runs
 * @param used ids of approvals that a transaction has used
 */
public record ReviewCase(
    ContextId context,
    Verdict verdict,
    Digest policy,
    String image,
    String ranBy,
    List<String> planApprovals,
    List<Approval> approvals,
    Set<Digest> used) {
  public ReviewCase {
    planApprovals = List.copyOf(planApprovals);
    approvals = List.copyOf(approvals);
    used = Set.copyOf(used);
  }
}
