package dev.tars.runner.run;

import dev.tars.runner.model.ContextId;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import dev.tars.runner.model.TransactionId;
import java.util.List;
import java.util.Optional;

/**
 * What a rollback did, or would do, path by path.
 *
 * @param transaction the one that took back; empty in a preview, which changes nothing
 * @param next what a person can do now
 */
@PublicApi
public record RollbackReport(
    ContextId contextId, Optional<TransactionId> transaction, List<Line> paths, String next) {
  public RollbackReport {
    paths = List.copyOf(paths);
  }

  /**
   * One path.
   *
   * @param action a word: what was done, or would be
   * @param path with escapes, from the workspace's root
   * @param note why nothing is done, or what is kept; often empty
   */
  @PublicApi
  public record Line(String action, String path, String note) {}

  /** 0, or 2 for a preview: a script that forgot the selector notices. */
  public int exitCode() {
    return transaction.isPresent() ? 0 : FailureCode.USAGE.exitCode();
  }
}
