package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tars.runner.model.CanonicalJson;
import dev.tars.runner.model.RelativePath;
import dev.tars.runner.sandbox.SandboxOutcome;
import dev.tars.runner.validation.TestDelta.Kind;
import dev.tars.runner.validation.diagnostics.SourcePaths;
import dev.tars.runner.validation.tests.Reports;
import dev.tars.runner.validation.tests.TestFailure;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GateDetailsTest {
  private static final SourcePaths PATHS =
      new SourcePaths(
          "/workspace",
          List.of(RelativePath.of("src/a.py"), RelativePath.of("tests/test_a.py")),
          Set.of(RelativePath.of("src/a.py")));

  private static final TestsBefore BEFORE =
      Inventories.thrice(1, "T#a passed, T#old failed: as ever");

  @Test
  void everyTestThatFailsNewlyIsNamedWithMessageAndPlaceAndToldFromTheOthers() {
    GateResult result = judged(1, "", after());
    assertThat(result.details().tests())
        .extracting(FailedTest::name, FailedTest::kind, FailedTest::message, FailedTest::where)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "T#a", Kind.BROKEN, "expected 1 but was 2", "src/a.py:3"),
            org.assertj.core.groups.Tuple.tuple(
                "T#new", Kind.NEW_FAILURES, "NameError: name 'b' is not defined", ""),
            org.assertj.core.groups.Tuple.tuple("T#old", Kind.STILL_FAILING, "as ever", ""));
    assertThat(result.details().tests().getFirst().place().orElseThrow().changed()).isTrue();
    assertThat(result.details().tests()).filteredOn(FailedTest::redBefore).hasSize(1);
  }

  @Test
  void whatIsPrintedIsToldOnlyWhereNoTestTellsIt() {
    GateResult result =
        judged(1, "src/a.py:3: error: the same\ntests/test_a.py:9: error: other\n", after());
    assertThat(result.details().printed())
        .singleElement()
        .satisfies(
            p -> assertThat(p.place() + ": " + p.message()).isEqualTo("tests/test_a.py:9: other"));
  }

  @Test
  void whatIsPrintedDecidesNothing() {
    String alarming = "src/a.py:1: error: all is lost\n";
    TestInventory green = Inventories.tests("T#a passed, T#old passed");
    GateResult result = judged(0, alarming, green);
    assertThat(result.result()).isEqualTo(GateResult.Result.PASSED);
    assertThat(result.details().printed()).isEmpty();
    assertThat(judged(1, "", green).result()).isEqualTo(judged(1, alarming, green).result());
  }

  @Test
  void namesAndMessagesOfTestsAreEscapedAndOneLine() {
    TreeMap<String, TestStatus> tests = new TreeMap<>();
    tests.put("T#\u202e", TestStatus.FAILED);
    TreeMap<String, TestFailure> failures = new TreeMap<>();
    failures.put("T#\u202e", new TestFailure("\u001b[31m" + "x".repeat(400), ""));
    GateResult result = judged(1, "", new TestInventory(1, tests, new TreeSet<>(), failures));
    FailedTest test = result.details().tests().getFirst();
    assertThat(test.name()).isEqualTo("T#<U+202E>");
    assertThat(test.message()).startsWith("<U+001B>[31mxxx").endsWith(" …");
  }

  @Test
  void theyAreReadBackAsTheyWereWritten() {
    GateDetails details = judged(1, "src/a.py:7:5: error: no\n", after()).details();
    ObjectNode node = CanonicalJson.object();
    GateDetailsJson.write(details, node);
    assertThat(GateDetailsJson.read(node)).isEqualTo(details);
    ObjectNode empty = CanonicalJson.object();
    GateDetailsJson.write(GateDetails.NONE, empty);
    assertThat(empty).isEmpty();
    assertThat(GateDetailsJson.read(empty)).isEqualTo(GateDetails.NONE);
    ((ObjectNode) node.get("failures").get(0)).put("kind", "other");
    assertThatThrownBy(() -> GateDetailsJson.read(node))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static TestInventory after() {
    TestInventory tests =
        Inventories.tests(
            "T#a failed: expected 1 but was 2, T#new failed: NameError: name 'b' is not defined, T#old failed: as ever");
    TreeMap<String, TestFailure> failures = new TreeMap<>(tests.failures());
    failures.put(
        "T#a",
        new TestFailure(
            "expected 1 but was 2",
            "Traceback:\n  File \"/workspace/tests/test_a.py\", line 5, in t\n"
                + "  File \"/workspace/src/a.py\", line 3, in a\nAssertionError\n"));
    return new TestInventory(1, tests.tests(), tests.flaky(), failures);
  }

  private static GateResult judged(int exitCode, String printed, TestInventory after) {
    Reports reports = new Reports.Read(after);
    GateRun run =
        new GateRun(
            new SandboxOutcome.Exited(exitCode, FakeCleanRoom.SEEN),
            reports,
            List.of(),
            Located.of(printed, reports, PATHS));
    return GateJudge.judge(Inventories.gate("pytest"), BEFORE, run, Inventories.STRICT);
  }
}
