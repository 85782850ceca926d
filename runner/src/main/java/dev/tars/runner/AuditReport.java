package dev.tars.runner;

import dev.tars.runner.audit.AuditVerification;
import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.PublicApi;
import java.util.List;

/**
 * What the audit log proves, and what of its evidence is gone.
 *
 * @param missing objects that the log names and the store does not have; empty where the log itself
 *     is damaged, for what it names then cannot be believed
 */
@PublicApi
public record AuditReport(AuditVerification log, List<String> missing) {
  public AuditReport {
    missing = List.copyOf(missing);
  }

  public boolean isSound() {
    return log.problem().isEmpty() && missing.isEmpty();
  }

  public int exitCode() {
    return isSound() ? 0 : FailureCode.INTEGRITY.exitCode();
  }
}
