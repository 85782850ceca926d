package dev.tars.cli;

import dev.tars.runner.context.State;
import dev.tars.runner.model.Counted;
import dev.tars.runner.model.Escape;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A gate for people: each test that is to blame on the change, and where it says it failed. */
final class GateView {
  private static final int MOST_TESTS = 200;
  private static final int MOST_BEFORE = 20;
  private static final int MOST_PROBLEMS = 10;
  private static final String INDENT = "\n      ";

  private final StringBuilder text = new StringBuilder();

  private final Paint paint;

  private GateView(Paint paint) {
    this.paint = paint;
  }

  static String text(GateResult gate, Paint paint) {
    GateView view = new GateView(paint);
    view.gate(gate);
    return view.text.toString();
  }

  private void gate(GateResult gate) {
    text.append(
        String.format(
            Locale.ROOT,
            "    gate %s: %s (%.1f s)",
            Escape.line(gate.id()),
            paint.result(State.word(gate.result())),
            gate.elapsed().toMillis() / 1000.0));
    gate.tests().ifPresent(this::counts);
    if (!gate.said().isEmpty()) {
      line(gate.said());
    }
    gate.tests().ifPresent(tests -> tests(tests, gate.details().tests()));
    problems(gate.details().printed());
  }

  private void counts(TestDelta tests) {
    text.append(
        String.format(
            Locale.ROOT,
            ", %s, %d failed, %d skipped",
            Counted.of(tests.run(), "test"),
            tests.failed(),
            tests.skipped()));
  }

  private void tests(TestDelta tests, List<FailedTest> explained) {
    names("fixed", tests.fixed(), MOST_TESTS);
    Set<String> shown = new HashSet<>();
    for (FailedTest test : explained) {
      if (!test.redBefore()) {
        shown.add(test.name());
        red(test);
      }
    }
    for (Kind kind : List.of(Kind.BROKEN, Kind.NEW_FAILURES, Kind.FAILS_OTHERWISE, Kind.UNSTABLE)) {
      names(
          kind.words(),
          tests.of(kind).stream().filter(name -> !shown.contains(name)).toList(),
          MOST_TESTS);
    }
    names("vanished", tests.vanished(), MOST_TESTS);
    names("newly skipped", tests.newlySkipped(), MOST_TESTS);
    names(Kind.STILL_FAILING.words(), tests.stillFailing(), MOST_BEFORE);
  }

  private void red(FailedTest test) {
    line(test.kind().words() + ": " + test.name());
    String message = test.message().isEmpty() ? "" : ": " + test.message();
    if (!test.where().isEmpty() || !message.isEmpty()) {
      String where = test.where().isEmpty() ? "" : paint.place(Escape.line(test.where()));
      text.append(INDENT).append("  ").append(where);
      text.append(Escape.line(where.isEmpty() ? test.message() : message));
    }
  }

  private void names(String kind, List<String> names, int most) {
    names.stream().limit(most).forEach(name -> line(kind + ": " + name));
    more(names.size() - most, kind);
  }

  private void problems(List<Diagnostic> problems) {
    if (!problems.isEmpty()) {
      line("as printed:");
      problems.stream()
          .limit(MOST_PROBLEMS)
          .forEach(problem -> {
            String where = paint.place(Escape.line(problem.place().toString()));
            text.append(INDENT).append("  ").append(where);
            text.append(Escape.line(": " + problem.message()));
          });
      more(problems.size() - MOST_PROBLEMS, "as printed");
    }
  }

  private void more(int count, String kind) {
    if (count > 0) {
      line(kind + ": " + count + " more, in the report (execute report --type json)");
    }
  }

  private void line(String line) {
    text.append(INDENT).append(Escape.line(line));
  }
}
