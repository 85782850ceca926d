package dev.tars.runner;

import java.time.Duration;
import java.util.Optional;

/**
 * What to roll back; no selector at all means a preview.
 *
 * @param contextId {@code CTX-n} or {@code last}
 */
public record RollbackCall(
    String contextId,
    Optional<String> transactionId,
    Optional<String> filePath,
    boolean all,
    boolean force,
    Duration lockWait) {

  public boolean isPreview() {
    return transactionId.isEmpty() && filePath.isEmpty() && !all;
  }
}
