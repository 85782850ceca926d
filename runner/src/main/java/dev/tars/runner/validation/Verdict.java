package dev.tars.runner.validation;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import java.util.List;

/**
 * What the host holds of a change set.
 *
 * @param changeSet digest of what was judged
 * @param asks ids of the approval rules that decisions on paths call for; may hold the empty string
 *     for "any approver"
 */
public record Verdict(
    Result result,
    Digest changeSet,
    List<GateResult> gates,
    List<Finding> findings,
    List<String> asks) {
  public Verdict {
    gates = List.copyOf(gates);
    findings = List.copyOf(findings);
    asks = List.copyOf(asks);
  }

  /** {@code UNKNOWN}: we could not judge, for a reason that is not the change's. */
  public enum Result {
    PASSED,
    FAILED,
    UNVERIFIED,
    UNKNOWN
  }
}
