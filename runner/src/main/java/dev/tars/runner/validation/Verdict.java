package dev.tars.runner.validation;

import dev.tars.runner.model.Digest;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.PublicApi;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the host holds of a change set.
 *
 * @param changeSet digest of what was judged
 * @param asks ids of the approval rules that decisions on paths call for; may hold the empty string
 *     for "any approver"
 */
@PublicApi
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

  /** The same change with the gates, and every finding, of a verdict that was found elsewhere. */
  public Verdict withGates(Verdict elsewhere) {
    if (!changeSet.equals(elsewhere.changeSet)) {
      throw new IllegalArgumentException("it is about another change set");
    }
    Set<Finding> all = new LinkedHashSet<>(findings);
    all.addAll(elsewhere.findings);
    List<Finding> sorted =
        all.stream()
            .sorted(Comparator.comparing(Finding::severity, Comparator.reverseOrder()))
            .toList();
    return new Verdict(
        VerdictAssembly.result(elsewhere.gates, sorted), changeSet, elsewhere.gates, sorted, asks);
  }

  /** {@code UNKNOWN}: we could not judge, for a reason that is not the change's. */
  public enum Result {
    PASSED,
    FAILED,
    UNVERIFIED,
    UNKNOWN
  }
}
