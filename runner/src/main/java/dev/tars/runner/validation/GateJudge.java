package dev.tars.runner.validation;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.GateResult.Result;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the host saw of a gate to its result. Pure; text that was printed is never looked at. */
final class GateJudge {
  private GateJudge() {}

  /** A gate without reports: the exit code within the limits, and nothing else. */
  static GateResult judge(Gate.Command gate, GateRun run) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Ended ended when ended.exitCode() == 0 ->
          result(gate.id(), run, Result.PASSED, Optional.empty(), Optional.empty(), "");
      case Ending.Ended ended ->
          failed(gate.id(), run, FailureCode.GATE_FAILED, Optional.empty(), exit(ended));
      case Ending.Red red -> failed(gate.id(), run, red.code(), Optional.empty(), red.reason());
      case Ending.Unjudged unjudged -> unjudged(gate.id(), run, unjudged);
    };
  }

  /** A gate with reports: exit code and reports must agree, and nothing may have become worse. */
  static GateResult judge(
      Gate.Tests gate, TestsBefore before, GateRun run, TestIntegrity integrity) {
    return switch (Ending.of(gate.argv(), run)) {
      case Ending.Red red -> failed(gate.id(), run, red.code(), delta(before, run), red.reason());
      case Ending.Unjudged unjudged -> unjudged(gate.id(), run, unjudged);
      case Ending.Ended ended ->
          switch (run.reports()) {
            case Reports.Unreadable unreadable ->
                failed(
                    gate.id(), run, FailureCode.GATE_FAILED, Optional.empty(), unreadable.reason());
            case Reports.Read read -> compared(gate, before, run, read.tests(), integrity, ended);
          };
    };
  }

  private static GateResult compared(
      Gate.Tests gate,
      TestsBefore before,
      GateRun run,
      TestInventory after,
      TestIntegrity integrity,
      Ending.Ended ended) {
    TestDelta delta = TestComparison.compare(before.inventory(), after);
    List<Told> problems = new ArrayList<>();
    agreement(after, ended).map(Told::plain).ifPresent(problems::add);
    if (after.run() == 0) {
      problems.add(Told.plain(after.files() == 0 ? "no report was written" : "no test ran"));
    } else if (after.run() < gate.minTests()) {
      String ran = after.run() + " tests ran, the gate wants ";
      problems.add(new Told(ran + gate.minTests(), ran + "more"));
    }
    count(problems, delta.broken(), 0, "passed before and fail now");
    count(problems, delta.vanished(), integrity.testsMayDisappear(), "vanished");
    count(problems, delta.newlySkipped(), integrity.skippedMayGrow(), "are newly skipped");
    int newFailures = TestComparison.newFailures(before.inventory(), after);
    if (newFailures > gate.maxFailures()) {
      problems.add(Told.plain(newFailures + " new tests fail"));
    }
    if (!problems.isEmpty()) {
      return failed(gate.id(), run, FailureCode.GATE_FAILED, Optional.of(delta), "")
          .because(new Told(joined(problems, Told::full), joined(problems, Told::brief)));
    }
    if (!after.flaky().isEmpty()) {
      String reason = after.flaky().size() + " tests passed only when they were tried again";
      return result(
          gate.id(),
          run,
          Result.FLAKY,
          Optional.of(FailureCode.GATE_FAILED),
          Optional.of(delta),
          reason);
    }
    String note = delta.failed() == 0 ? "" : delta.failed() + " tests fail, as before the change";
    return result(gate.id(), run, Result.PASSED, Optional.empty(), Optional.of(delta), note);
  }

  /** A green report with a red exit code, or the reverse, is a lie of one of the two. */
  private static Optional<String> agreement(TestInventory after, Ending.Ended ended) {
    if (ended.exitCode() == 0 && after.red() > 0) {
      return Optional.of("exit code 0, but the reports hold " + after.red() + " failed tests");
    }
    if (ended.exitCode() != 0 && after.red() == 0) {
      return Optional.of(exit(ended) + ", but no failed test in the reports");
    }
    return Optional.empty();
  }

  private static String joined(List<Told> problems, Function<Told, String> length) {
    return problems.stream().map(length).collect(Collectors.joining("; "));
  }

  private static void count(List<Told> problems, List<String> tests, int allowed, String what) {
    if (tests.size() > allowed) {
      String names = String.join(", ", tests.subList(0, Math.min(3, tests.size())));
      String more = tests.size() > 3 ? ", …" : "";
      String limit = allowed > 0 ? " (the policy allows " + allowed + ")" : "";
      String counted = tests.size() + " tests " + what;
      String named = ": " + names + more;
      problems.add(new Told(counted + limit + named, counted + named));
    }
  }

  private static String exit(Ending.Ended ended) {
    return "exit code " + ended.exitCode();
  }

  private static Optional<TestDelta> delta(TestsBefore before, GateRun run) {
    return run.reports() instanceof Reports.Read read
        ? Optional.of(TestComparison.compare(before.inventory(), read.tests()))
        : Optional.empty();
  }

  private static GateResult failed(
      String id, GateRun run, FailureCode code, Optional<TestDelta> tests, String reason) {
    return result(id, run, Result.FAILED, Optional.of(code), tests, reason);
  }

  private static GateResult unjudged(String id, GateRun run, Ending.Unjudged unjudged) {
    return result(
        id, run, Result.UNKNOWN, Optional.of(unjudged.code()), Optional.empty(), unjudged.reason());
  }

  private static GateResult result(
      String id,
      GateRun run,
      Result result,
      Optional<FailureCode> code,
      Optional<TestDelta> tests,
      String reason) {
    var observed = run.outcome().observed();
    return new GateResult(id, result, code, observed.elapsed(), tests, reason, observed.tail());
  }
}
