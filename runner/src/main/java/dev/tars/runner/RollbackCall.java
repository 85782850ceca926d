package dev.tars.runner;

import dev.tars.runner.model.PublicApi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to roll back; no selector at all means a preview.
 *
 * @param contextId {@code CTX-n} or {@code last}
 * @param transactionIds only these; one of them at least is the context's
 */
@PublicApi
public record RollbackCall(
    String contextId,
    List<String> transactionIds,
    Optional<String> filePath,
    boolean all,
    boolean force,
    Duration lockWait) {
  public RollbackCall {
    transactionIds = List.copyOf(transactionIds);
  }

  public boolean isPreview() {
    return transactionIds.isEmpty() && filePath.isEmpty() && !all;
  }
}
