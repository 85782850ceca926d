package dev.tars.runner;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import java.util.List;

/**
 * What a call of recovery finished or undid.
 *
 * @param done one sentence for each transaction
 * @param conflicts one line for each path that a person must look at
 */
@PublicApi
public record RecoveryReport(List<String> done, List<String> conflicts) {
  public RecoveryReport {
    done = List.copyOf(done);
    conflicts = List.copyOf(conflicts);
  }

  /** One line. */
  public String summary() {
    return done.isEmpty() && conflicts.isEmpty()
        ? "nothing was interrupted"
        : String.join("; ", done);
  }

  public int exitCode() {
    return conflicts.isEmpty() ? 0 : FailureCode.IN_DOUBT.exitCode();
  }
}
