package dev.tars.runner.audit;

import dev.tars.runner.model.PublicApi;
import java.util.Optional;

/**
 * What the log proves.
 *
 * @param records how many are intact, from the first
 * @param checkpoints how many of them are signed checkpoints
 * @param anchored true if a checkpoint that was kept elsewhere agrees
 * @param problem the first thing that is wrong, naming the record
 */
@PublicApi
public record AuditVerification(
    long records, int checkpoints, boolean anchored, Optional<String> problem) {

  /** One sentence; without an anchor it never says more than that. */
  public String summary() {
    if (problem.isPresent()) {
      return problem.get();
    }
    String counted = records + " records, " + checkpoints + " checkpoints";
    return anchored
        ? "consistent with the anchor: " + counted
        : "internally consistent, not anchored: " + counted;
  }
}
