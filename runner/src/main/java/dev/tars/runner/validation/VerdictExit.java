package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.Optional;

/** Which exit status a verdict leads to. */
public final class VerdictExit {
  private VerdictExit() {}

  /**
   * Empty if the verdict says nothing against the change: {@code PASSED} and {@code UNVERIFIED}.
   * Otherwise a rule that said no comes before a gate that said no, because gates are not run once
   * a rule has decided.
   */
  public static Optional<FailureCode> of(Verdict verdict) {
    return switch (verdict.result()) {
      case PASSED, UNVERIFIED -> Optional.empty();
      case FAILED -> Optional.of(rejection(verdict).orElseGet(() -> worstGate(verdict)));
      case UNKNOWN -> Optional.of(unknown(verdict));
    };
  }

  private static Optional<FailureCode> rejection(Verdict verdict) {
    return verdict.findings().stream()
        .filter(f -> f.severity() == Severity.REJECT)
        .map(VerdictExit::code)
        // POLICY_DENIED (11) before CHANGE_REFUSED (11) before GATE_FAILED (10).
        .max(java.util.Comparator.comparingInt(FailureCode::exitCode));
  }

  private static FailureCode code(Finding finding) {
    String rule = finding.rule();
    if (rule.startsWith("policy.")) {
      return FailureCode.POLICY_DENIED;
    }
    // A syntax check is a gate that needs no box; everything else is a rule on change sets.
    return rule.startsWith("syntax.") ? FailureCode.GATE_FAILED : FailureCode.CHANGE_REFUSED;
  }

  private static FailureCode worstGate(Verdict verdict) {
    return verdict.gates().stream()
        .filter(g -> g.result() == GateResult.Result.FAILED)
        .findFirst()
        .flatMap(GateResult::code)
        .orElse(FailureCode.GATE_FAILED);
  }

  private static FailureCode unknown(Verdict verdict) {
    return verdict.gates().stream()
        .filter(g -> g.result() == GateResult.Result.UNKNOWN)
        .findFirst()
        .flatMap(GateResult::code)
        .orElse(FailureCode.IO_FAILED);
  }
}
