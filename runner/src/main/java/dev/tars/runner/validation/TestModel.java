package dev.tars.runner.validation;

import dev.tars.runner.model.Told;
import dev.tars.runner.policy.Gate;
import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.tests.Extent;
import dev.tars.runner.validation.tests.TestInventory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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
  record After(int exitCode, TestInventory tests, Extent extent) {
    After {
      tests = Attempts.settled(exitCode, tests);
    }
  }

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
    boolean renamed = !delta.vanished().isEmpty() && !delta.added().isEmpty();
    return runs > 0 && ((red && open) || (renamed && runs < 2));
  }

  TestOutcome outcome() {
    return decided().orElseGet(this::undisputed);
  }

  /** Nothing speaks against the change, and only runs of the baseline may be too few. */
  private TestOutcome undisputed() {
    int runs = before.history().size();
    boolean tooFew = runs > 0 && runs < RUNS_FOR_RED && !delta.stillFailing().isEmpty();
    return tooFew
        ? new TestOutcome.Unproven(
            "tests are red as before, but they were seen in only "
                + Wording.count(runs, "run")
                + " before the change")
        : new TestOutcome.Sound(note());
  }

  /** What is said whatever more runs of the baseline would show. */
  private Optional<TestOutcome> decided() {
    List<Told> problems = new ArrayList<>();
    new ExitStatus(gate, before)
        .problem(after, !delta.stillFailing().isEmpty())
        .map(Told::plain)
        .ifPresent(problems::add);
    problems.addAll(new RunProblems(gate, integrity, delta).of(after.tests()));
    if (!problems.isEmpty()) {
      return Optional.of(
          new TestOutcome.Unsound(
              new Told(joined(problems, Told::full), joined(problems, Told::brief))));
    }
    return flaky()
        .<TestOutcome>map(TestOutcome.Flaky::new)
        .or(() -> unstable().map(TestOutcome.Unstable::new))
        .or(() -> unproven().map(TestOutcome.Unproven::new));
  }

  private Optional<String> flaky() {
    return told(after.tests().flaky(), "passed only when tried again");
  }

  private Optional<String> unstable() {
    return told(delta.of(Kind.UNSTABLE), "red now and only in some runs before the change");
  }

  /** Why a run that says nothing against the change says nothing for it. */
  private Optional<String> unproven() {
    if (after.tests().passed() == 0) {
      return Optional.of("no test passes after the change: nothing is proven");
    }
    return told(delta.of(Kind.FAILS_OTHERWISE), "red before, with another message")
        .or(() ->
            after.tests().red() == 0
                ? Optional.empty()
                : EarlyEnd.of(gate.argv(), after.extent(), after.tests().run()));
  }

  private static Optional<String> told(Collection<String> tests, String what) {
    return tests.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Wording.count(tests.size(), "test") + " " + what + ": " + Wording.some(tests));
  }

  private String note() {
    List<String> notes = new ArrayList<>();
    int still = delta.stillFailing().size();
    if (still > 0) {
      notes.add(
          Wording.count(still, "test")
              + " red, as before the change (in each of "
              + Wording.count(before.history().size(), "run")
              + ")");
    }
    green(delta).ifPresent(notes::add);
    return String.join("; ", notes);
  }

  /** The numbers of tests that turned green, if any did. */
  static Optional<String> green(TestDelta delta) {
    int fixed = delta.fixed().size();
    int woken = delta.of(Kind.WOKEN).size();
    if (fixed + woken == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "turned green: " + fixed + " that were red, " + woken + " that were skipped");
  }

  private static String joined(List<Told> problems, Function<Told, String> length) {
    return problems.stream().map(length).collect(Collectors.joining("; "));
  }
}
