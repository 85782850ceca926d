package dev.tars.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.model.FailureCode;
import dev.tars.runner.validation.FailedTest;
import dev.tars.runner.validation.GateDetails;
import dev.tars.runner.validation.GateResult;
import dev.tars.runner.validation.TestDelta;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.control.Control;
import dev.tars.runner.validation.diagnostics.Diagnostic;
import dev.tars.runner.validation.diagnostics.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateViewTest {
  @Test
  void redTestsAreNamedWithTheirPlaceAndToldApart() {
    TestDelta delta =
        new TestDelta(
            new TestDelta.Counts(3, 4, 0),
            Map.of(
                Kind.BROKEN, List.of("T#a"),
                Kind.NEW_FAILURES, List.of("T#new", "T#unexplained"),
                Kind.STILL_FAILING, List.of("T#old"),
                Kind.VANISHED, List.of("T#gone")));
    GateDetails details =
        new GateDetails(
            List.of(
                test("T#a", Kind.BROKEN, "expected 1", Optional.of(new Place("a.py", 3, 0, true))),
                test("T#new", Kind.NEW_FAILURES, "no\u0007", Optional.empty()),
                test("T#old", Kind.STILL_FAILING, "as ever", Optional.empty())),
            List.of(new Diagnostic(new Place("b.c", 7, 2, false), "undeclared")));
    assertThat(GateView.text(gate(delta, details), new Paint(false)))
        .isEqualTo(
            """
            gate unit: failed (1.5 s), 7 tests, 4 failed, 0 skipped
              2 tests
              passed before, fails now: T#a
                a.py:3: expected 1
              new, fails: T#new
                no<U+0007>
              new, fails: T#unexplained
              vanished: T#gone
              red before too: T#old
              as printed:
                b.c:7:2: undeclared\
            """
                .indent(4)
                .stripTrailing());
  }

  private static FailedTest test(String name, Kind kind, String message, Optional<Place> place) {
    return new FailedTest(name, kind, message, place);
  }

  private static GateResult gate(TestDelta delta, GateDetails details) {
    return new GateResult(
        "unit",
        GateResult.Result.FAILED,
        Optional.of(FailureCode.GATE_FAILED),
        Duration.ofMillis(1500),
        Optional.of(delta),
        "2 tests",
        "",
        "2 tests",
        details,
        Control.NONE);
  }
}
