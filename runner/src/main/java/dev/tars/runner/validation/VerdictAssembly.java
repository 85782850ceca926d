package dev.tars.runner.validation;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import java.util.List;

/** Gates and findings to the one word: failed, then unknown, then unverified, then passed. */
final class VerdictAssembly {
  private VerdictAssembly() {}

  static Verdict.Result result(List<GateResult> gates, List<Finding> findings) {
    boolean rejected = findings.stream().anyMatch(f -> f.severity() == Severity.REJECT);
    if (rejected
        || any(gates, GateResult.Result.FAILED)
        || any(gates, GateResult.Result.FLAKY)
        || any(gates, GateResult.Result.UNSTABLE)) {
      return Verdict.Result.FAILED;
    }
    if (any(gates, GateResult.Result.UNKNOWN)) {
      return Verdict.Result.UNKNOWN;
    }
    // A gate that was skipped proves nothing, so one is enough to lose the proof.
    boolean proven = !gates.isEmpty() && gates.stream().allMatch(GateResult::passed);
    return proven ? Verdict.Result.PASSED : Verdict.Result.UNVERIFIED;
  }

  private static boolean any(List<GateResult> gates, GateResult.Result result) {
    return gates.stream().anyMatch(g -> g.result() == result);
  }
}
