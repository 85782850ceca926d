package dev.tars.runner.review;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.Digest;
import dev.tars.runner.validation.Verdict;
import java.util.List;
import java.util.Set;

/**
 * What is to be decided on.
 *
 * @param policy digest of the policy that is in force now
 * @param image id of the image that is in force now
 * @param people who stands behind the change
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
    People people,
    List<String> planApprovals,
    List<Approval> approvals,
    Set<Digest> used) {
  public ReviewCase {
    planApprovals = List.copyOf(planApprovals);
    approvals = List.copyOf(approvals);
    used = Set.copyOf(used);
  }

  /**
   * @param ranBy operating system user who started the run
   * @param behind users the plan says it comes from: the policy may keep them from approving, and
   *     that is all a plan's word can do
   */
  public record People(String ranBy, Set<String> behind) {
    public People {
      behind = Set.copyOf(behind);
    }
  }
}
