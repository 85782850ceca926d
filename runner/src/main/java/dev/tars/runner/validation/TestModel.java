package dev.tars.runner.validation;

import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.tests.Extent;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The model of a test gate: before, after and exit status to an outcome. Pure; its tables are in
 * {@code docs/validation.md}.
 */
final class TestModel {
  /** Runs that a baseline must have given before a red test of it excuses one after the change. */
  static final int RUNS_FOR_RED = 3;

  private final Gate.Tests gate;
  private final TestIntegrity integrity;
  private final TestsBefore before;
  private final After after;
  private final TestDelta delta;

  /** What a run after the change gave. */
  record After(int exitCode, TestInventory tests, Extent extent) {}

  TestModel(Gate.Tests gate, TestIntegrity integrity, TestsBefore before, After after) {
    this.gate = gate;
    this.integrity = integrity;
    this.before = before;
    this.after = after;
    this.delta = TestComparison.compare(before, after.tests());
  }

  TestDelta delta() {
    return delta;
  }

  /** True if more runs of the baseline could make the answer another one. */
  boolean wantsBefore() {
    int runs = before.history().size();
    boolean red = !delta.stillFailing().isEmpty() || !delta.of(Kind.FAILS_OTHERWISE).isEmpty();
    boolean open = decided().map(TestOutcome.Unproven.class::isInstance).orElse(true);
    boolean excused = red && open;
    boolean renamed = !delta.vanished().isEmpty() && !delta.added().isEmpty();
    return runs > 0 && (excused || (renamed && runs < 2));
  }

  TestOutcome outcome() {
    return decided()
        .orElseGet(() -> {
          int runs = before.history().size();
          boolean tooFew = runs > 0 && runs < RUNS_FOR_RED && !delta.stillFailing().isEmpty();
          return tooFew
              ? new TestOutcome.Unproven(
                  "tests are red as before, but they were seen in only "
                      + count(runs, "run")
                      + " before the change")
              : new TestOutcome.Sound(note());
        });
  }

  /** What is said whatever more runs of the baseline would show. */
  private Optional<TestOutcome> decided() {
    TestInventory tests = after.tests();
    List<Told> problems = new ArrayList<>(problems());
    TreeSet<String> flaky = new TreeSet<>(tests.flaky());
    if (after.exitCode() == 0 && tests.red() > 0) {
      Set<String> recovered = recovered();
      if (recovered.size() < tests.red()) {
        problems.addFirst(
            Told.plain("exit code 0, but the reports hold " + tests.red() + " failed tests"));
      } else {
        problems.clear();
      }
      flaky.addAll(recovered);
    }
    if (!problems.isEmpty()) {
      return Optional.of(
          new TestOutcome.Unsound(
              new Told(joined(problems, Told::full), joined(problems, Told::brief))));
    }
    if (!flaky.isEmpty()) {
      return Optional.of(
          new TestOutcome.Flaky(
              count(flaky.size(), "test") + " passed only when tried again: " + some(flaky)));
    }
    return unstable()
        .<TestOutcome>map(TestOutcome.Unstable::new)
        .or(() -> unproven().map(TestOutcome.Unproven::new));
  }

  private List<Told> problems() {
    TestInventory tests = after.tests();
    List<Told> problems = new ArrayList<>();
    exit().map(Told::plain).ifPresent(problems::add);
    boolean known = tests.tests().keySet().stream().anyMatch(n -> !TestInventory.isNoTest(n));
    if (tests.files() == 0) {
      problems.add(Told.plain("no report was written"));
    } else if (tests.run() == 0 && (known || tests.red() == 0)) {
      problems.add(Told.plain("no test ran"));
    } else if (tests.passed() > 0 && tests.passed() < gate.minTests()) {
      String ran = count(tests.passed(), "test") + " ran and passed, the gate wants ";
      problems.add(new Told(ran + gate.minTests(), ran + "more"));
    }
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

  private void newFailures(List<Told> problems) {
    List<String> all = delta.of(Kind.NEW_FAILURES);
    List<String> tests = all.stream().filter(n -> !TestInventory.isNoTest(n)).toList();
    List<String> modules = all.stream().filter(n -> n.endsWith(TestInventory.NOT_LOADED)).toList();
    List<String> outside = all.stream().filter(n -> n.contains(TestInventory.OUTSIDE)).toList();
    if (tests.size() > gate.maxFailures()) {
      String fail = tests.size() == 1 ? " fails: " : " fail: ";
      problems.add(Told.plain(count(tests.size(), "new test") + fail + some(tests)));
    }
    if (!modules.isEmpty()) {
      problems.add(Told.plain(count(modules.size(), "module") + " not loaded: " + some(modules)));
    }
    if (!outside.isEmpty()) {
      problems.add(Told.plain(some(outside)));
    }
  }

  /** Why the exit status is not one that goes with the tests, if it is not. */
  private Optional<String> exit() {
    int exit = after.exitCode();
    int red = after.tests().red();
    if (exit == 0 || red == 0) {
      return exit == 0
          ? Optional.empty()
          : Optional.of("exit code " + exit + ", but no failed test in the reports");
    }
    int then = before instanceof TestsBefore.Known known ? known.redExit() : 0;
    TestTool tool = TestTool.of(gate.argv());
    if (then == 0 || delta.stillFailing().isEmpty()) {
      return tool.meansTestsFailed(exit, red)
          ? Optional.empty()
          : Optional.of("exit code " + exit + " says more than that tests failed");
    }
    boolean counts = isNumberOfRed(then) && exit == Math.min(red, 255);
    return exit == then || counts || (tool == TestTool.PHPUNIT && tool.meansTestsFailed(exit, red))
        ? Optional.empty()
        : Optional.of("exit code " + exit + ", before the change it was " + then);
  }

  private boolean isNumberOfRed(int exit) {
    return before.history().stream()
        .anyMatch(run -> run.exitCode() == exit && Math.min(run.tests().red(), 255) == exit);
  }

  /** Red entries of which the same run reports a later pass under the same name. */
  private Set<String> recovered() {
    TestInventory tests = after.tests();
    return tests.tests().keySet().stream()
        .filter(name -> tests.status(name).filter(TestStatus::red).isPresent())
        .filter(name -> tests.tests().get(lastOf(name)) == TestStatus.PASSED)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String lastOf(String name) {
    String first = name.replaceFirst(" \\([0-9]+\\)$", "");
    String last = name;
    for (int n = 2; after.tests().tests().containsKey(first + " (" + n + ")"); n++) {
      last = first + " (" + n + ")";
    }
    return last;
  }

  private Optional<String> unstable() {
    List<String> unstable = delta.of(Kind.UNSTABLE);
    return unstable.isEmpty()
        ? Optional.empty()
        : Optional.of(
            count(unstable.size(), "test")
                + " red now and only in some runs before the change: "
                + some(unstable));
  }

  /** Why a run that says nothing against the change says nothing for it. */
  private Optional<String> unproven() {
    TestInventory tests = after.tests();
    if (tests.passed() == 0) {
      return Optional.of("no test passes after the change: nothing is proven");
    }
    List<String> otherwise = delta.of(Kind.FAILS_OTHERWISE);
    if (!otherwise.isEmpty()) {
      return Optional.of(
          count(otherwise.size(), "test")
              + " red before, with another message: "
              + some(otherwise));
    }
    if (tests.red() == 0) {
      return Optional.empty();
    }
    String unknown = ": how many tests were expected is not known";
    if (TestTool.stopsEarly(gate.argv())) {
      return Optional.of("the command stops at a red test, and there is one" + unknown);
    }
    if (after.extent().endsRed() && tests.run() > 1) {
      return Optional.of("the last test that ran is red, and may have ended the run" + unknown);
    }
    if (after.extent().modules() && TestTool.of(gate.argv()) == TestTool.MAVEN) {
      return Optional.of("Maven tests no module after one with a red test" + unknown);
    }
    if (after.extent().hidesHooks()) {
      return Optional.of(
          "Node's JUnit report does not show hooks that fail, and red tests hide the exit code:"
              + " add a TAP report");
    }
    return Optional.empty();
  }

  private String note() {
    List<String> notes = new ArrayList<>();
    int still = delta.stillFailing().size();
    if (still > 0) {
      notes.add(
          count(still, "test")
              + " red, as before the change (in each of "
              + count(before.history().size(), "run")
              + ")");
    }
    green(delta).ifPresent(notes::add);
    return String.join("; ", notes);
  }

  /** What turned green, if anything did. */
  static Optional<String> green(TestDelta delta) {
    int fixed = delta.fixed().size();
    int woken = delta.of(Kind.WOKEN).size();
    if (fixed + woken == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "turned green: " + fixed + " that were red, " + woken + " that were skipped");
  }

  private void exceeded(List<Told> problems, Kind kind, int allowed, String one, String many) {
    List<String> tests = delta.of(kind);
    if (tests.size() > allowed) {
      String limit = allowed > 0 ? " (the policy allows " + allowed + ")" : "";
      String counted = count(tests.size(), "test") + " " + (tests.size() == 1 ? one : many);
      String named = ": " + some(tests);
      problems.add(new Told(counted + limit + named, counted + named));
    }
  }

  private static String some(Iterable<String> names) {
    List<String> all = new ArrayList<>();
    names.forEach(all::add);
    return String.join(", ", all.subList(0, Math.min(3, all.size())))
        + (all.size() > 3 ? ", …" : "");
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String joined(List<Told> problems, Function<Told, String> length) {
    return problems.stream().map(length).collect(Collectors.joining("; "));
  }
}
