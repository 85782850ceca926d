package dev.tars.runner.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tars.runner.validation.TestDelta.Kind;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cell of the table of one test in {@code docs/validation.md}. */
class TestComparisonTest {
  private static final String LOADED = "M#t ";
  private static final String BROKEN_MODULE = "M#(not loaded) error";

  /** A row: what the runs of the baseline gave, and what each of the columns makes of it. */
  private static final String TABLE =
      """
      before              | passed     | skipped       | red           | gone     | its module is not loaded
      absent              | added      | added         | added newFailures | -    | newFailures
      passed              | -          | newlySkipped  | broken        | vanished | broken
      skipped             | woken      | -             | broken        | vanished | broken
      red                 | fixed      | newlySkipped  | stillFailing  | vanished | stillFailing
      unstable            | -          | newlySkipped  | unstable      | vanished | unstable
      not in every run    | -          | newlySkipped  | broken        | -        | broken
      module not loaded   | fixed      | newlySkipped  | stillFailing  | -        | stillFailing
      """;

  @ParameterizedTest(name = "{0} before, {1} after: {2}")
  @MethodSource("cells")
  void oneTest(String before, String after, String expected) {
    String ok = ", X#ok passed";
    String[] runs =
        before(before).stream()
            .map(run -> (run + ok).replaceFirst("^, ", ""))
            .toArray(String[]::new);
    TestDelta delta =
        TestComparison.compare(
            Inventories.before(1, runs),
            Inventories.tests((after(after) + ok).replaceFirst("^, ", "")));
    assertThat(kinds(delta)).isEqualTo(expected);
  }

  static Stream<Arguments> cells() {
    List<String[]> rows =
        TABLE
            .lines()
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new))
            .toList();
    String[] columns = rows.getFirst();
    return rows.stream()
        .skip(1)
        .flatMap(row ->
            Stream.iterate(1, c -> c < columns.length, c -> c + 1)
                .map(c -> Arguments.of(row[0], columns[c], row[c])));
  }

  private static List<String> before(String row) {
    return switch (row) {
      case "absent" -> List.of("", "", "");
      case "passed", "skipped" -> List.of(LOADED + row, LOADED + row, LOADED + row);
      case "red" -> List.of(LOADED + "failed", LOADED + "error", LOADED + "failed");
      case "unstable" -> List.of(LOADED + "passed", LOADED + "failed", LOADED + "passed");
      case "not in every run" -> List.of(LOADED + "passed", "", LOADED + "passed");
      case "module not loaded" -> List.of(BROKEN_MODULE, BROKEN_MODULE, BROKEN_MODULE);
      default -> throw new IllegalArgumentException(row);
    };
  }

  private static String after(String column) {
    return switch (column) {
      case "passed", "skipped" -> LOADED + column;
      case "red" -> LOADED + "failed";
      case "gone" -> "";
      case "its module is not loaded" -> BROKEN_MODULE;
      default -> throw new IllegalArgumentException(column);
    };
  }

  private static String kinds(TestDelta delta) {
    EnumMap<Kind, List<String>> all = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (!delta.of(kind).isEmpty()) {
        all.put(kind, delta.of(kind));
      }
    }
    String kinds = String.join(" ", all.keySet().stream().map(Kind::id).toList());
    return kinds.isEmpty() ? "-" : kinds;
  }

  @Test
  void aRedTestWithTheMessageOfBeforeIsRedAsBeforeWhateverItsNumbers() {
    TestsBefore before = Inventories.thrice(1, "A#a failed: expected 41 at 0x7f12");
    assertThat(compare(before, "A#a failed: expected 7 at 0x8800").stillFailing())
        .containsExactly("A#a");
  }

  @Test
  void aRedTestWithAnotherMessageFailsOtherwise() {
    TestsBefore before = Inventories.thrice(1, "A#a failed: not implemented");
    TestDelta delta = compare(before, "A#a failed: no such file");
    assertThat(delta.names())
        .containsEntry(Kind.FAILS_OTHERWISE, List.of("A#a"))
        .containsEntry(Kind.STILL_FAILING, List.of());
  }

  @Test
  void aRedTestWhoseMessagesDifferedBeforeFailsAsBefore() {
    TestsBefore before =
        Inventories.before(1, "A#a failed: one way", "A#a failed: another", "A#a failed: one way");
    assertThat(compare(before, "A#a failed: a third").stillFailing()).containsExactly("A#a");
  }

  @Test
  void aRedTestWithoutAMessageFailsAsBefore() {
    TestsBefore before = Inventories.thrice(1, "A#a failed: once said");
    assertThat(compare(before, "A#a failed").stillFailing()).containsExactly("A#a");
    assertThat(compare(Inventories.thrice(1, "A#a failed"), "A#a failed: x").stillFailing())
        .containsExactly("A#a");
  }

  @Test
  void aFailureOutsideOfATestThatWasNotThereIsANewFailureAndItsEndIsNoVanishedTest() {
    String outside = "S#(failure outside of a test)";
    TestsBefore green = Inventories.thrice(0, "A#a passed");
    assertThat(compare(green, "A#a passed, " + outside + " error").of(Kind.NEW_FAILURES))
        .containsExactly(outside);
    TestsBefore red = Inventories.thrice(1, "A#a passed, " + outside + " error");
    assertThat(compare(red, "A#a passed").vanished()).isEmpty();
  }

  @Test
  void countsHoldTestsAlone() {
    TestDelta delta =
        compare(
            new TestsBefore.Unusable("none"),
            "A#a passed, A#b failed, A#c skipped, M#(not loaded) error,"
                + " S#(failure outside of a test) error");
    assertThat(delta.counts()).isEqualTo(new TestDelta.Counts(1, 1, 1));
    assertThat(delta.added()).hasSize(3);
    assertThat(delta.of(Kind.NEW_FAILURES)).hasSize(3);
  }

  private static TestDelta compare(TestsBefore before, String after) {
    return TestComparison.compare(before, Inventories.tests(after));
  }
}
