package dev.tars.runner.review;

import dev.tars.runner.model.Severity;
import dev.tars.runner.review.ApprovalTerms.GateOverride;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A failed verdict that people may let through: every gate ran, and each that failed is named. */
public final class Overridable {
  private Overridable() {}

  /**
   * The overrides that a verdict needs: none if it did not fail. Empty if no override can help: a
   * finding rejects, a gate failed that the policy does not name, or one did not run.
   */
  public static Optional<List<GateOverride>> of(Verdict verdict, ApprovalTerms terms) {
    if (verdict.result() != Verdict.Result.FAILED) {
      return Optional.of(List.of());
    }
    if (verdict.findings().stream().anyMatch(f -> f.severity() == Severity.REJECT)) {
      return Optional.empty();
    }
    List<GateOverride> needed = new ArrayList<>();
    for (GateResult gate : verdict.gates()) {
      // One that proves nothing needs no override: a person decides in any case.
      if (gate.passed() || gate.result() == GateResult.Result.UNVERIFIED) {
        continue;
      }
      Optional<GateOverride> override =
          terms.overrides().stream().filter(o -> o.gate().equals(gate.id())).findFirst();
      boolean judged =
          switch (gate.result()) {
            case FAILED, FLAKY, UNSTABLE -> true;
            case PASSED, UNVERIFIED, SKIPPED, UNKNOWN -> false;
          };
      if (!judged || override.isEmpty()) {
        return Optional.empty();
      }
      needed.add(override.get());
    }
    return needed.isEmpty() ? Optional.empty() : Optional.of(needed);
  }

  /** Users whose approval overrides this gate. */
  static List<String> given(GateOverride override, List<Approval> counting) {
    return counting.stream()
        .filter(a -> a.overrides().contains(override.gate()))
        .filter(a -> override.by().contains(a.approver()))
        .filter(a -> !override.reasonRequired() || !a.comment().isBlank())
        .map(Approval::approver)
        .distinct()
        .toList();
  }
}
