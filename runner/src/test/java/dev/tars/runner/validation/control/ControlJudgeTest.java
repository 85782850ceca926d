package dev.tars.runner.validation.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.validation.control.Control.Result;
import dev.tars.runner.validation.control.Sentinel.Place;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a control run says, from what became of each planted test. */
class ControlJudgeTest {
  private static final TestStatus RED = TestStatus.FAILED;
  private static final TestStatus GREEN = TestStatus.PASSED;

  private static final ControlRun RIGHT =
      run(1, "own#thrown", RED, "own#equals", RED, "own#green", GREEN, "a#there", RED);

  @Test
  void everyPlantedTestAsItMustBeProvesTheGateWithoutABaseline() {
    Control control = judge(RIGHT).alone().orElseThrow();
    assertThat(control.result()).isEqualTo(Result.PROVEN);
    assertThat(control.red()).isEqualTo(3);
    assertThat(control.green()).isEqualTo(1);
  }

  @Test
  void anExitOfZeroIsHeldAgainstTheBaseline() {
    ControlRun zero = new ControlRun(0, RIGHT.tests());
    assertThat(judge(zero).alone()).isEmpty();
    assertThat(judge(zero).against(RIGHT).result()).isEqualTo(Result.FAILED);
    // A command that never says so by its exit code says so by its reports, which are judged too.
    assertThat(judge(zero).against(zero).result()).isEqualTo(Result.PROVEN);
  }

  @Test
  void aRedOneThatIsGreenFailsTheGate() {
    ControlRun rewritten =
        run(1, "own#thrown", RED, "own#equals", GREEN, "own#green", GREEN, "a#there", RED);
    assertThat(judge(rewritten).against(RIGHT).reason())
        .isEqualTo("a planted test that must fail by assertEquals is not red");
    assertThat(judge(rewritten).against(RIGHT).result()).isEqualTo(Result.FAILED);
  }

  @Test
  void aRedOneThatIsSkippedIsNotRed() {
    ControlRun skipped =
        run(1, "own#thrown", TestStatus.SKIPPED, "own#equals", RED, "own#green", GREEN);
    assertThat(judge(skipped).against(RIGHT).result()).isEqualTo(Result.FAILED);
  }

  @Test
  void oneThatIsNotReportedFailsTheGateIfTheBaselineReportsIt() {
    ControlRun byHand = run(1, "own#equals", RED, "own#green", GREEN, "a#there", RED);
    assertThat(judge(byHand).against(RIGHT).result()).isEqualTo(Result.FAILED);
    assertThat(judge(run(-1)).against(RIGHT).result()).isEqualTo(Result.FAILED);
  }

  @Test
  void oneThatTheBaselineDoesNotReportEitherSaysNothing() {
    ControlRun noOwnFile = run(1, "a#there", RED);
    assertThat(judge(noOwnFile).against(noOwnFile).result()).isEqualTo(Result.UNCONTROLLED);
    ControlRun some = run(1, "own#thrown", RED, "own#green", GREEN);
    Control control = judge(some).against(some);
    assertThat(control.result()).isEqualTo(Result.PROVEN);
    assertThat(control.reason()).startsWith("2 planted tests do not run here");
    assertThat(judge(run(1)).against(run(1)).result()).isEqualTo(Result.UNCONTROLLED);
  }

  @Test
  void anAssertionThatFailsNothingBeforeTheChangeEitherNeedsAPersonAndAnErrorThatDoesFails() {
    ControlRun weak =
        run(1, "own#thrown", RED, "own#equals", GREEN, "own#green", GREEN, "a#there", RED);
    assertThat(judge(weak).against(weak).result()).isEqualTo(Result.UNCONTROLLED);
    ControlRun deaf = run(0, "own#thrown", GREEN, "own#equals", GREEN, "own#green", GREEN);
    assertThat(judge(deaf).against(deaf).result()).isEqualTo(Result.FAILED);
  }

  @Test
  void aFileThatTheChangeAltersMayStopLoading() {
    List<Sentinel> altered =
        List.of(
            new Sentinel("thrown", true, Sentinel.THROWN, Place.OWN),
            new Sentinel("green", false, "nothing", Place.OWN),
            new Sentinel("there", true, Sentinel.THROWN, Place.ALTERED));
    ControlRun after = run(1, "own#thrown", RED, "own#green", GREEN);
    assertThat(
            new ControlJudge(new Planting.Planted(List.of(), altered), after)
                .against(RIGHT)
                .result())
        .isEqualTo(Result.PROVEN);
  }

  private static ControlJudge judge(ControlRun after) {
    return new ControlJudge(
        new Planting.Planted(
            List.of(),
            List.of(
                new Sentinel("thrown", true, Sentinel.THROWN, Place.OWN),
                new Sentinel("equals", true, "assertEquals", Place.OWN),
                new Sentinel("green", false, "nothing", Place.OWN),
                new Sentinel("there", true, Sentinel.THROWN, Place.ORIGINAL))),
        after);
  }

  private static ControlRun run(int exitCode, Object... namesAndStatuses) {
    TreeMap<String, TestStatus> all = new TreeMap<>();
    for (int i = 0; i < namesAndStatuses.length; i += 2) {
      all.put((String) namesAndStatuses[i], (TestStatus) namesAndStatuses[i + 1]);
    }
    return new ControlRun(exitCode, new TestInventory(1, all, new TreeSet<>()));
  }
}
