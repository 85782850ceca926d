package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.policy.TestIntegrity;
import dev.tars.runner.validation.tests.Extent;
import dev.tars.runner.validation.tests.TestInventory;
import dev.tars.runner.validation.tests.TestStatus;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cell of the table of the whole run in {@code docs/validation.md}, and its rules. */
class TestModelTest {
  private static final String GREEN = "A#a passed, A#b passed";
  private static final String RED = "A#a passed, A#b failed";

  /** Columns: the exit status after the change; red before, it is 1. */
  private static final String TABLE =
      """
      case                                        | 0         | 1          | 7
      all green, all green                        | sound     | unsound    | unsound
      red, all green                              | sound     | unsound    | unsound
      red, the same red                           | unsound   | sound      | unsound
      green, a new failure that is allowed        | unsound   | sound      | unsound
      red, a new failure that is allowed          | unsound   | sound      | unsound
      green, a new failure                        | unsound   | unsound    | unsound
      green, broken                               | unsound   | unsound    | unsound
      green, vanished                             | unsound   | unsound    | unsound
      green, newly skipped                        | unsound   | unsound    | unsound
      green, reported red and then passed         | flaky     | unsound    | unsound
      red, fails otherwise                        | unsound   | unproven   | unsound
      unstable, red                               | unsound   | unstable   | unsound
      red, the same and none passes               | unsound   | unproven   | unsound
      not loaded, the same and none passes        | unsound   | unproven   | unsound
      red, the same red that ends the run         | unsound   | unproven   | unsound
      nothing, all green                          | sound     | unsound    | unsound
      nothing, red                                | unsound   | unsound    | unsound
      green, no test                              | unsound   | unsound    | unsound
      red, the same and a failure outside of tests | unsound  | unsound    | unsound
      """;

  @ParameterizedTest(name = "{0}, exit status {1}: {2}")
  @MethodSource("cells")
  void aRun(String row, int exitCode, String expected) {
    assertThat(outcome(row, exitCode)).isEqualTo(expected);
  }

  static Stream<Arguments> cells() {
    List<String[]> rows =
        TABLE
            .lines()
            .map(l -> Arrays.stream(l.split("\\|")).map(String::strip).toArray(String[]::new))
            .toList();
    return rows.stream()
        .skip(1)
        .flatMap(row ->
            Stream.of(1, 2, 3)
                .map(c -> Arguments.of(row[0], Integer.parseInt(rows.getFirst()[c]), row[c])));
  }

  private static String outcome(String row, int exitCode) {
    int comma = row.indexOf(", ");
    String then = row.substring(0, comma);
    String after = row.substring(comma + 2);
    TestModel model =
        new TestModel(
            Inventories.gate(1, after.endsWith("allowed") ? 1 : 0),
            Inventories.STRICT,
            before(then, after),
            new TestModel.After(
                exitCode,
                after(then, after),
                new Extent(after.endsWith("ends the run"), false, false)));
    return name(model.outcome());
  }

  private static TestsBefore before(String row, String after) {
    boolean none = after.endsWith("none passes");
    return switch (row) {
      case "all green", "green" -> Inventories.thrice(0, GREEN);
      case "red" -> Inventories.thrice(1, none ? "A#b failed" : RED + ": as ever");
      case "unstable" -> Inventories.before(1, RED, GREEN, RED);
      case "not loaded" -> Inventories.thrice(1, "M#(not loaded) error");
      case "nothing" -> new TestsBefore.Unusable("it does not compile");
      default -> throw new IllegalArgumentException(row);
    };
  }

  private static TestInventory after(String then, String row) {
    return Inventories.tests(
        switch (row) {
          case "all green" -> GREEN;
          case "the same red", "red", "broken", "the same red that ends the run" -> RED;
          case "a new failure", "a new failure that is allowed" ->
              (then.equals("red") ? RED : GREEN) + ", A#new failed";
          case "vanished" -> "A#a passed";
          case "newly skipped" -> "A#a passed, A#b skipped";
          case "reported red and then passed" -> "A#a passed, A#b failed, A#b (2) passed";
          case "fails otherwise" -> RED + ": in a new way";
          case "the same and none passes" ->
              then.equals("red") ? "A#b failed" : "M#(not loaded) error";
          case "no test" -> "";
          case "the same and a failure outside of tests" ->
              RED + ", S#(failure outside of a test) error";
          default -> throw new IllegalArgumentException(row);
        });
  }

  private static String name(TestOutcome outcome) {
    return outcome.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT);
  }

  @Test
  void aRunWithoutAReportIsUnsound() {
    TestModel.After none = new TestModel.After(0, TestInventory.EMPTY, Extent.WHOLE);
    TestModel model =
        new TestModel(
            Inventories.gate(1, 0), Inventories.STRICT, Inventories.thrice(0, GREEN), none);
    assertThat(said(model)).contains("no report was written");
  }

  @Test
  void aTestThatPassedInTheEndDoesNotHideWhatElseIsWrong() {
    TestModel vanished =
        Inventories.model(
            Inventories.thrice(0, "A#a passed, A#b passed, A#c passed"),
            0,
            "A#a passed, A#b failed, A#b (2) passed");
    assertThat(said(vanished)).isEqualTo("1 test vanished: A#c");
    TestModel skipped =
        Inventories.model(
            Inventories.thrice(0, GREEN), 0, "A#a skipped, A#b failed, A#b (2) passed");
    assertThat(said(skipped)).isEqualTo("1 test is newly skipped: A#a");
    TestModel few =
        Inventories.model(
            Inventories.gate(2, 0),
            Inventories.thrice(0, "A#b passed"),
            0,
            "A#b failed, A#b (2) passed");
    assertThat(said(few)).isEqualTo("1 test ran and passed, the gate wants 2");
    TestModel red =
        Inventories.model(
            Inventories.thrice(0, GREEN), 0, "A#a failed, A#b failed, A#b (2) passed");
    assertThat(said(red)).contains("exit code 0").contains("A#a").doesNotContain("A#b");
  }

  @Test
  void aTestThatPassedInTheEndOfARedRunIsBroken() {
    TestModel model =
        Inventories.model(
            Inventories.thrice(0, GREEN), 1, "A#a passed, A#b failed, A#b (2) passed");
    assertThat(said(model)).isEqualTo("1 test passed before and fails now: A#b");
  }

  @Test
  void testsThatPassAreCountedAndNotTestsThatRan() {
    TestsBefore before = Inventories.thrice(1, RED);
    assertThat(name(Inventories.model(Inventories.gate(1, 0), before, 1, RED).outcome()))
        .isEqualTo("sound");
    assertThat(said(Inventories.model(Inventories.gate(2, 0), before, 1, RED)))
        .isEqualTo("1 test ran and passed, the gate wants 2");
  }

  @Test
  void aPassWithRedTestsSaysHowOftenTheyWereRed() {
    TestModel model = Inventories.model(Inventories.thrice(1, RED), 1, RED);
    assertThat(model.outcome())
        .isEqualTo(new TestOutcome.Sound("1 test red, as before the change (in each of 3 runs)"));
  }

  @Test
  void whatTurnsGreenIsSaid() {
    TestModel model =
        Inventories.model(
            Inventories.thrice(1, "A#a failed, A#b skipped, A#c passed"),
            0,
            "A#a passed, A#b passed, A#c passed");
    assertThat(model.outcome())
        .isEqualTo(new TestOutcome.Sound("turned green: 1 that were red, 1 that were skipped"));
  }

  @Test
  void redTestsThatWereSeenInTooFewRunsProveNothing() {
    assertThat(name(Inventories.model(Inventories.before(1, RED), 1, RED).outcome()))
        .isEqualTo("unproven");
    assertThat(name(Inventories.model(Inventories.before(1, RED, RED), 1, RED).outcome()))
        .isEqualTo("unproven");
  }

  @Test
  void theBaselineIsWantedAgainOnlyWhereItsAnswerCouldChangeTheOutcome() {
    TestsBefore once = Inventories.before(1, RED);
    assertThat(Inventories.model(once, 1, RED).wantsBefore()).isTrue();
    assertThat(Inventories.model(once, 0, GREEN).wantsBefore()).isFalse();
    assertThat(Inventories.model(once, 7, RED).wantsBefore()).isFalse();
    assertThat(Inventories.model(once, 1, RED + ", A#new failed").wantsBefore()).isFalse();
    assertThat(Inventories.model(new TestsBefore.Unusable("no"), 1, "A#new failed").wantsBefore())
        .isFalse();
  }

  @Test
  void namesThatVanishWhileOthersComeAskForASecondRunAndNoThird() {
    String then = "A#x1 passed, A#b passed";
    String now = "A#x2 passed, A#b passed";
    assertThat(Inventories.model(Inventories.before(0, then), 0, now).wantsBefore()).isTrue();
    assertThat(Inventories.model(Inventories.before(0, then, then), 0, now).wantsBefore())
        .isFalse();
  }

  @Test
  void thePolicyAllowsTestsToVanishAndToBeSkipped() {
    TestIntegrity one = new TestIntegrity(List.of(), true, 1, 1, List.of());
    for (String after : List.of("A#a passed", "A#a passed, A#b skipped")) {
      TestModel model =
          new TestModel(
              Inventories.gate(1, 0),
              one,
              Inventories.thrice(0, GREEN),
              new TestModel.After(0, Inventories.tests(after), Extent.WHOLE));
      assertThat(name(model.outcome())).isEqualTo("sound");
    }
  }

  @Test
  void aTestThatTheToolTriedAgainIsFlakyBesideRedOnesOfBefore() {
    TreeMap<String, TestStatus> all = new TreeMap<>(Inventories.tests(RED).tests());
    TestInventory tests = new TestInventory(1, all, new TreeSet<>(List.of("A#a")));
    TestModel model =
        new TestModel(
            Inventories.gate(1, 0),
            Inventories.STRICT,
            Inventories.thrice(1, RED),
            new TestModel.After(1, tests, Extent.WHOLE));
    assertThat(name(model.outcome())).isEqualTo("flaky");
  }

  private static String said(TestModel model) {
    assertThat(model.outcome()).isInstanceOf(TestOutcome.Unsound.class);
    return ((TestOutcome.Unsound) model.outcome()).why().full();
  }
}
