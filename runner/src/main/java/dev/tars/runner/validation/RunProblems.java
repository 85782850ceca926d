package dev.tars.runner.validation;

import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.tests.TestInventory;
import java.util.ArrayList;
import java.util.List;

/** All that a run of a test gate says against a change, as far as the policy does not allow it. */
record RunProblems(Gate.Tests gate, TestIntegrity integrity, TestDelta delta) {

  List<Told> of(TestInventory tests) {
    List<Told> problems = new ArrayList<>();
    tooFew(tests, problems);
    exceeded(problems, Kind.BROKEN, 0, "passed before and fails now", "passed before and fail now");
    exceeded(problems, Kind.VANISHED, integrity.testsMayDisappear(), "vanished", "vanished");
    exceeded(
        problems,
        Kind.NEWLY_SKIPPED,
        integrity.skippedMayGrow(),
        "is newly skipped",
        "are newly skipped");
    newFailures(problems);
    return problems;
  }

  private void tooFew(TestInventory tests, List<Told> problems) {
    boolean known = tests.tests().keySet().stream().anyMatch(n -> !TestInventory.isNoTest(n));
    if (tests.files() == 0) {
      problems.add(Told.plain("no report was written"));
    } else if (tests.run() == 0 && (known || tests.red() == 0)) {
      problems.add(Told.plain("no test ran"));
    } else if (tests.passed() > 0 && tests.passed() < gate.minTests()) {
      String ran = Wording.count(tests.passed(), "test") + " ran and passed, the gate wants ";
      problems.add(new Told(ran + gate.minTests(), ran + "more"));
    }
  }

  private void newFailures(List<Told> problems) {
    List<String> all = delta.of(Kind.NEW_FAILURES);
    List<String> tests = all.stream().filter(n -> !TestInventory.isNoTest(n)).toList();
    List<String> modules = all.stream().filter(n -> n.endsWith(TestInventory.NOT_LOADED)).toList();
    List<String> outside = all.stream().filter(n -> n.contains(TestInventory.OUTSIDE)).toList();
    if (tests.size() > gate.maxFailures()) {
      String fail = tests.size() == 1 ? " fails: " : " fail: ";
      problems.add(
          Told.plain(Wording.count(tests.size(), "new test") + fail + Wording.some(tests)));
    }
    if (!modules.isEmpty()) {
      problems.add(
          Told.plain(
              Wording.count(modules.size(), "module") + " not loaded: " + Wording.some(modules)));
    }
    if (!outside.isEmpty()) {
      problems.add(Told.plain(Wording.some(outside)));
    }
  }

  private void exceeded(List<Told> problems, Kind kind, int allowed, String one, String many) {
    List<String> tests = delta.of(kind);
    if (tests.size() > allowed) {
      String limit = allowed > 0 ? " (the policy allows " + allowed + ")" : "";
      String counted = Wording.count(tests.size(), "test") + " " + (tests.size() == 1 ? one : many);
      String named = ": " + Wording.some(tests);
      problems.add(new Told(counted + limit + named, counted + named));
    }
  }
}
