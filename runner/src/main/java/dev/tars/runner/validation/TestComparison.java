package dev.tars.runner.validation;

import dev.tars.runner.model.Escape;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.TestsBefore.Seen;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A baseline and a run after the change to a {@link TestDelta}: the table of one test. */
final class TestComparison {
  private final TestsBefore.Known before;
  private final TestInventory after;
  private final EnumMap<Kind, List<String>> lists = new EnumMap<>(Kind.class);

  private TestComparison(TestsBefore.Known before, TestInventory after) {
    this.before = before;
    this.after = after;
  }

  /** Compares; where the baseline gave nothing, every test is new. */
  static TestDelta compare(TestsBefore before, TestInventory after) {
    List<TestInventory> runs = before.history().stream().map(TestsBefore.Run::tests).toList();
    SettledNames names = SettledNames.of(runs);
    List<TestsBefore.Run> settled =
        before.history().stream()
            .map(r -> new TestsBefore.Run(r.exitCode(), r.millis(), names.apply(r.tests())))
            .toList();
    TestsBefore.Known known =
        settled.isEmpty()
            ? new TestsBefore.Known(0, TestInventory.EMPTY)
            : new TestsBefore.Known(settled);
    return new TestComparison(known, names.apply(after)).delta();
  }

  private TestDelta delta() {
    after.tests().forEach(this::present);
    Set<String> gone = new TreeSet<>();
    before.runs().forEach(run -> gone.addAll(run.tests().tests().keySet()));
    gone.removeAll(after.tests().keySet());
    gone.removeIf(TestInventory::isNoTest);
    for (String name : gone) {
      Seen then = before.seen(name);
      // A test whose class no longer loads is broken, not gone.
      if (after.status(name).isPresent()) {
        ended(name, then, after.status(name).get());
      } else if (then.always()) {
        add(Kind.VANISHED, name);
      }
    }
    return new TestDelta(
        new TestDelta.Counts(after.passed(), after.redTests(), after.count(TestStatus.SKIPPED)),
        lists);
  }

  private void present(String name, TestStatus now) {
    Seen then = before.seen(name);
    if (!then.isAbsent()) {
      ended(name, then, now);
      return;
    }
    // A module that no longer loads is no new failure where the tests that it broke are known.
    if (now.red() && !(name.endsWith(TestInventory.NOT_LOADED) && speaksForKnown(name))) {
      add(Kind.NEW_FAILURES, name);
    }
    if (!TestInventory.isNoTest(name)) {
      add(Kind.ADDED, name);
    }
  }

  private boolean speaksForKnown(String module) {
    String of = module.substring(0, module.length() - TestInventory.NOT_LOADED.length());
    return before.runs().stream()
        .flatMap(run -> run.tests().tests().tailMap(of).keySet().stream())
        .anyMatch(name -> name.startsWith(of + "#") || name.startsWith(of + "."));
  }

  private void ended(String name, Seen then, TestStatus now) {
    if (now == TestStatus.SKIPPED) {
      // A test that failed and is now skipped is hidden, not fixed.
      if (!then.alwaysSkipped()) {
        add(Kind.NEWLY_SKIPPED, name);
      }
    } else if (now.red()) {
      red(name, then);
    } else if (then.alwaysRed()) {
      add(Kind.FIXED, name);
    } else if (then.alwaysSkipped()) {
      add(Kind.WOKEN, name);
    }
  }

  private void red(String name, Seen then) {
    if (then.unstable()) {
      add(Kind.UNSTABLE, name);
    } else if (!then.alwaysRed()) {
      add(Kind.BROKEN, name);
    } else {
      add(failsAsBefore(name) ? Kind.STILL_FAILING : Kind.FAILS_OTHERWISE, name);
    }
  }

  /** By the shape of the message, if there is one and the runs before agree on it. */
  private boolean failsAsBefore(String name) {
    String now = after.failure(name).shape();
    Set<String> then =
        before.runs().stream()
            .map(run -> run.tests().failures().get(name))
            .map(failure -> failure == null ? "" : failure.shape())
            .collect(Collectors.toSet());
    return then.size() != 1 || then.contains(now) || then.contains("") || now.isEmpty();
  }

  private void add(Kind kind, String name) {
    lists.computeIfAbsent(kind, k -> new ArrayList<>()).add(Escape.line(name));
  }
}
