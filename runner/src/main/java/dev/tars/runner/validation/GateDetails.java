package dev.tars.runner.validation;

import dev.tars.runner.model.Escape;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import dev.tars.runner.validation.diagnostics.Place;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestInventory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a red gate says of why, as the box has it: it is shown, and decides nothing.
 *
 * @param tests red tests, those first that the change is to blame for; at most {@value #MOST}. All
 *     names are in the {@link TestDelta}.
 * @param printed problems at places in the workspace that are not those of {@code tests}
 */
public record GateDetails(List<FailedTest> tests, List<Diagnostic> printed) {
  private static final int MOST = 200;

  /** Kinds of red tests, what is new first. */
  private static final List<Kind> RED =
      List.of(
          Kind.BROKEN, Kind.NEW_FAILURES, Kind.FAILS_OTHERWISE, Kind.UNSTABLE, Kind.STILL_FAILING);

  public static final GateDetails NONE = new GateDetails(List.of(), List.of());

  public GateDetails {
    tests = List.copyOf(tests);
    printed = List.copyOf(printed);
  }

  public boolean isEmpty() {
    return tests.isEmpty() && printed.isEmpty();
  }

  /**
   * @param passed the gate passed all the same: what else was printed is of no use then
   */
  static GateDetails of(GateRun run, Optional<TestDelta> delta, boolean passed) {
    List<FailedTest> tests = new ArrayList<>();
    if (delta.isPresent() && run.reports() instanceof Reports.Read read) {
      Map<String, String> raw = new HashMap<>();
      read.tests().tests().keySet().forEach(name -> raw.put(Escape.line(name), name));
      for (Kind kind : RED) {
        for (String name : delta.get().of(kind)) {
          if (tests.size() < MOST) {
            tests.add(test(name, kind, raw.getOrDefault(name, name), read.tests(), run.located()));
          }
        }
      }
    }
    Set<Place> told = new HashSet<>();
    tests.forEach(test -> test.place().ifPresent(told::add));
    return new GateDetails(
        tests,
        run.located().printed().stream()
            .filter(problem -> !passed && !told.contains(problem.place()))
            .toList());
  }

  private static FailedTest test(
      String shown, Kind kind, String name, TestInventory tests, Located located) {
    return new FailedTest(
        shown,
        kind,
        Diagnostic.line(tests.failure(name).message()),
        Optional.ofNullable(located.tests().get(name)));
  }
}
