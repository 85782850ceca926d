package dev.tars.runner.report;

import dev.tars.runner.model.Finding;
import dev.tars.runner.model.Severity;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.Verdict;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The one sentence that says why a run came out as it did, with a place where there is one. */
final class Headline {
  private Headline() {}

  static String of(RunReport report) {
    List<GateResult> gates = report.verdict().map(Verdict::gates).orElse(List.of());
    for (GateResult gate : gates) {
      if (gate.code().isPresent()) {
        return gate(gate);
      }
    }
    Optional<Finding> rejecting =
        report.verdict().map(Verdict::findings).orElse(List.of()).stream()
            .filter(finding -> finding.severity() == Severity.REJECT)
            .findFirst();
    if (rejecting.isPresent()) {
      return rejecting.get().rule() + at(place(rejecting.get())) + ": " + rejecting.get().message();
    }
    if (!report.facts().error().isEmpty()) {
      return report.facts().error();
    }
    if (!report.history().waitsFor().isEmpty()) {
      return "Nothing speaks against it; people must agree: "
          + String.join("; ", report.history().waitsFor());
    }
    return gates.isEmpty()
        ? "No gate has proven anything."
        : gates.size() == 1
            ? "The gate " + gates.getFirst().id() + " " + word(gates.getFirst()) + "."
            : gates.stream().filter(GateResult::passed).count()
                + " of "
                + gates.size()
                + " gates passed.";
  }

  private static String gate(GateResult gate) {
    String name = "Gate " + gate.id() + ": ";
    Optional<FailedTest> test =
        gate.details().tests().stream().filter(one -> !one.redBefore()).findFirst();
    if (test.isPresent()) {
      String message = test.get().message().isEmpty() ? "" : ": " + test.get().message();
      return name + test.get().name() + at(test.get().where()) + message;
    }
    Optional<Diagnostic> problem = gate.details().printed().stream().findFirst();
    return name + problem.map(p -> p.place() + ": " + p.message()).orElse(gate.reason());
  }

  /** Where a finding is, or the empty string. */
  static String place(Finding finding) {
    return finding.line() > 0 ? finding.path() + ":" + finding.line() : finding.path();
  }

  private static String at(String place) {
    return place.isEmpty() ? "" : " at " + place;
  }

  private static String word(GateResult gate) {
    return gate.result().name().toLowerCase(Locale.ROOT);
  }
}
